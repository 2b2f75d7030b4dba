import { CORE_SCHEMA, present, SCALAR_STYLE, strTag } from 'js-yaml';
import { InputError } from '../model/issue';

/**
 * Text that stands without quotes in every reader: it starts with a letter, is printable ASCII on one line with single
 * spaces, and holds no `: ` and no ` #`. IPv4 addresses and ranges are the one thing taken that starts with a digit.
 */
const plainText = /^(?:[A-Za-z](?:[!-9;-~]|:(?=[!-~])| (?=[!"$-~]))*|\d{1,3}(?:\.\d{1,3}){3}(?:\/\d{1,2})?)$/;
/** What YAML 1.1 or 1.2 takes for something other than text; `e1` is a number to the `yaml` package in 1.1 mode. */
const reservedWord = /^(?:y|n|yes|no|on|off|true|false|null|e[-+]?\d+)$/i;
/** Printable ASCII on several lines, none of which starts or ends with a blank. */
const literalText = /^[!-~](?:[ -~]*[!-~])?(?:\n+[!-~](?:[ -~]*[!-~])?)+\n?$/;
const halfCharacter = /\p{Surrogate}/u;

/** A key that is longer has to be marked as one. */
const longestPlainKey = 1024;

/** Where the dashes of a list stand: below its key, as `kubectl` writes them, or two to the right, as cdk8s does. */
export type ListStyle = 'flush' | 'indented';

/**
 * One YAML document as `kubectl get -o yaml` lays it out: block style, keys in the given order, no anchors, no folded
 * lines. Every string comes back as the same string in YAML 1.1 and 1.2 readers alike, so that a label `on`, `010` or
 * `0o7` means the same to kubectl, Argo CD, Flux and PyYAML.
 *
 * Takes what JSON can say; properties that are `undefined` are left out, as JSON does.
 *
 * @throws InputError for text with half a surrogate pair, which no UTF-8 file can hold
 * @throws TypeError for anything that JSON cannot say
 */
export function toYaml(object: unknown, lists: ListStyle = 'flush'): string {
  const parts: string[] = [];
  addLines(parts, '', object, '', lists === 'flush' ? '' : '  ');
  return parts.join('');
}

// Written here and not by js-yaml, which takes five times as long and has its own idea of what needs quotes: it keeps what
// it misreads itself, not what Go misreads. Parts are joined once, since growing texts is what would take memory and time.

/** Adds the lines of `value`: the first one after `head`, the others after `pad`. */
function addLines(parts: string[], head: string, value: unknown, pad: string, listPad: string): void {
  let start = head;
  if (!isCollection(value)) {
    parts.push(start, scalarText(value, pad || '  '), '\n');
  } else if (Array.isArray(value)) {
    for (const item of value) {
      addLines(parts, `${start}- `, item, `${pad}  `, listPad);
      start = pad;
    }
  } else {
    for (const key of Object.keys(value)) {
      const item = (value as Record<string, unknown>)[key];
      if (item === undefined) continue;
      parts.push(start, keyText(key, pad));
      start = pad;
      if (isCollection(item)) {
        const below = pad + (Array.isArray(item) ? listPad : '  ');
        parts.push(':\n');
        addLines(parts, below, item, below, listPad);
      } else {
        parts.push(': ', scalarText(item, `${pad}  `), '\n');
      }
    }
  }
}

/** Whether the value takes lines of its own: a list or an object in which something is. */
function isCollection(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false;
  if (Array.isArray(value)) return value.length > 0;
  for (const key in value) if ((value as Record<string, unknown>)[key] !== undefined) return true;
  return false;
}

function keyText(key: string, pad: string): string {
  const text = lineText(key);
  return text.length > longestPlainKey ? `? ${text}\n${pad}` : text;
}

/** @param pad where the lines of a text of several lines stand */
function scalarText(value: unknown, pad: string): string {
  if (typeof value === 'string') return literalText.test(value) ? blockText(value, pad) : lineText(value);
  if (Array.isArray(value)) return '[]';
  if (isPlainObject(value)) return '{}';
  if (value === null || typeof value === 'boolean' || Number.isFinite(value)) {
    // YAML 1.1 knows no exponent without a decimal point.
    return JSON.stringify(value).replace(/^(-?\d)e/, '$1.0e');
  }
  throw new TypeError(`YAML cannot say \`${String(value)}\``);
}

/** Not a `Map` or a `Date`: `{}` would be left of it, which in a policy stands for everything. */
function isPlainObject(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

function blockText(text: string, pad: string): string {
  const [end, lines] = text.endsWith('\n') ? ['', text.slice(0, -1)] : ['-', text];
  return `|${end}\n${lines.replace(/^(?=.)/gm, pad)}`;
}

function lineText(text: string): string {
  if (plainText.test(text) && !reservedWord.test(text)) return text;
  if (halfCharacter.test(text)) throw unwritable(text);
  const contents = { kind: 'scalar', tag: strTag.tagName, tagged: false, style: SCALAR_STYLE.DOUBLE_QUOTED } as const;
  const document = { contents: { ...contents, value: text }, directives: [] };
  return present([document], { schema: CORE_SCHEMA, scalarStyleRules: [] }).trimEnd();
}

function unwritable(text: string): InputError {
  const shown = JSON.stringify(text).slice(0, 60);
  return new InputError([
    {
      code: 'unwritable-text',
      message: `\`${shown}\` holds half of a character (a lone surrogate)`,
      place: {},
      hint: 'cut texts between characters: [...text].slice(…).join("")',
    },
  ]);
}
