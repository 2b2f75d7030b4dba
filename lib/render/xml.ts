import { visible } from './connectivity/visible-text';

const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** As content or attribute of XML: control characters as text, since XML cannot hold them. */
export function xml(text: string): string {
  const lines = text.split('\n').map(visible).join('\n');
  // What XML cannot hold at all: halves of a pair, and two code points that stand for nothing.
  return lines.replace(/[&<>"]/g, (c) => escapes[c]!).replace(/[\ufffe\uffff]|\p{Surrogate}/gu, '\ufffd');
}

/** As in ` file="a.ts" line="3"`: attributes that are known. */
export function attributes(values: Readonly<Record<string, string | number | undefined>>): string {
  return Object.entries(values)
    .map(([name, value]) => (value === undefined ? '' : ` ${name}="${xml(`${value}`)}"`))
    .join('');
}
