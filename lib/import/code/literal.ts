/** Longer lines are broken. */
export const width = 120;

/** A text as a TypeScript literal, which holds no character that an editor or terminal would act on. */
export function quoted(text: string): string {
  const escaped = text.replace(
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what this is about
    /[\\\u0000-\u001f\u007f-\u009f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]/gu,
    (char) =>
      char === '\\' ? '\\\\' : char === '\n' ? '\\n' : `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return escaped.includes("'") && !escaped.includes('"') ? `"${escaped}"` : `'${escaped.replaceAll("'", "\\'")}'`;
}

/** A key of an object, quoted only where it has to be. */
export function key(name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : quoted(name);
}

/** An object of code by key, those that are undefined left out; undefined if all are. */
export function object(fields: Readonly<Record<string, string | undefined>>): string | undefined {
  const given = Object.entries(fields).filter((field): field is [string, string] => field[1] !== undefined);
  if (given.length === 0) return undefined;
  return `{ ${given.map(([name, code]) => (name === code ? name : `${key(name)}: ${code}`)).join(', ')} }`;
}

/** Any JSON value. */
export function literal(value: unknown): string {
  if (typeof value === 'string') return quoted(value);
  if (Array.isArray(value)) return `[${value.map(literal).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return String(value);
  const fields = Object.entries(value).map(([name, item]) => [name, literal(item)] as const);
  return object(Object.fromEntries(fields)) ?? '{}';
}

/**
 * The code with its outermost object or list, and what is in it, broken into lines where it is too long for one: the last that is enough, else
 * all.
 * @param indent of the line that it stands on
 * @param after what follows on its last line
 */
export function wrapped(code: string, indent = '', after = 0): string {
  if (indent.length + code.length + after <= width) return code;
  const brackets = outermost(code);
  // Texts cannot be broken: then the shortest that there is.
  const lengthOf = (text: string) => {
    return Math.max(...text.split('\n').map((line, i) => line.length + (i === 0 ? indent.length : 0)), width);
  };
  const ways = [...brackets.map((bracket) => [bracket]).reverse(), brackets].map((some) => broken(code, some, indent));
  return ways.reduce((best, way) => (lengthOf(way) < lengthOf(best) ? way : best));
}

interface Bracket {
  readonly start: number;
  readonly end: number;
  readonly parts: readonly string[];
}

function broken(code: string, brackets: readonly Bracket[], indent: string): string {
  const inner = `${indent}  `;
  return [...brackets].reverse().reduce((text, { start, end, parts }) => {
    const lines = parts.filter((part) => part !== '').map((part) => `${inner}${wrapped(part, inner, 1)},\n`);
    return `${text.slice(0, start + 1)}\n${lines.join('')}${indent}${text.slice(end)}`;
  }, code);
}

/** The objects and lists that are in no other, and hold anything, with what is in them. */
function outermost(code: string): Bracket[] {
  const found: Bracket[] = [];
  const stack: { at: number; parts: number[] }[] = [];
  for (let i = 0; i < code.length; i++) {
    const char = code[i]!;
    if (char === "'" || char === '"') {
      for (i++; code[i] !== char; i++) if (code[i] === '\\') i++;
    } else if ('([{'.includes(char)) stack.push({ at: i, parts: [i + 1] });
    else if (char === ',') stack.at(-1)?.parts.push(i + 1);
    else if (')]}'.includes(char)) {
      const { at, parts } = stack.pop()!;
      const texts = parts.map((from, n) => code.slice(from, (parts[n + 1] ?? i + 1) - 1).trim());
      if (code[at] !== '(' && texts.some((text) => text !== '')) found.push({ start: at, end: i, parts: texts });
    }
  }
  return found
    .filter(({ start, end }) => !found.some((other) => other.start < start && end < other.end))
    .sort((a, b) => a.start - b.start);
}

export function constant(name: string, code: string): string {
  const start = `export const ${name} = `;
  return `${start}${wrapped(code, '', start.length + 1)};`;
}
