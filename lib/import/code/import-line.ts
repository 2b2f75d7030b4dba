import { quoted, width } from './literal';

/** Sorted, and broken into lines where it is too long for one. */
export function importLine(names: readonly string[], from: string): string {
  const list = [...names].sort((a, b) => compareNames(a, b));
  const line = `import { ${list.join(', ')} } from ${quoted(from)};`;
  return line.length <= width
    ? line
    : `import {\n${list.map((name) => `  ${name},\n`).join('')}} from ${quoted(from)};`;
}

function compareNames(a: string, b: string): number {
  const [x, y] = [a.toLowerCase(), b.toLowerCase()];
  return x < y || (x === y && a < b) ? -1 : 1;
}
