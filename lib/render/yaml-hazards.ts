/**
 * Half of what Go takes for a whole number: kubectl, Argo CD and Flux read `0X1F`, `0o7`, `+0b1`, `0b-1` and `-_1` as
 * numbers. Of any length: `js-yaml` and `yaml` read `0o…` as a number beyond 64 bits too.
 */
const goInteger = /^(?:[-+]?(?:0[bB][01]+|0[oO]?[0-7]+|0[xX][\da-fA-F]+|\d+)|0b[-+][01]+|0o[-+][0-7]+)$/;
const goFloat = /^[-+]?(?:\.\d+|\d+(?:\.\d*)?)(?:e[-+]?\d+)?$/i;
/** Numbers that the writer recognizes as such, by YAML 1.1, and quotes. */
const quotedNumber =
  /^[-+]?(?:0b[01_]+|0[0-7_]+|\d[\d_]*|0x[\da-fA-F_]+|(?:\d[\d_]*)?(?:\.[\d_]*)?[eE][-+]?\d+|(?:\d[\d_]*)?\.[\d_]*)$/;
/**
 * Characters that the writer leaves bare, even within quotes, and that PyYAML and Go reject or take for a line's end. A
 * byte order mark (U+FEFF) is lost where it starts a file, and derails Go where it happens to start a buffer.
 */
const bareControl = /[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]|\p{Surrogate}/u;
/** Characters that make the writer escape the whole text, tabs included. */
const escapedControl = /[^\P{Cc}\t\n]/u;
/** What makes the writer put quotes around a single line. */
const quotedLine = /^[\t ,[\]{}#&*!|>'"%@`]|^[?-](?:[ \t]|$)|:[ \t]|[\t ]#|[\t :]$/;

/** Nearly all strings are names, which are never misread. */
const name = /^[A-Za-z][\w./-]*$/;

/**
 * Whether a plain cdk8s `App` writes this string so that another reader gets something else, or nothing at all.
 *
 * cdk8s writes with the `yaml` package in version 1.1 mode. That leaves some strings bare which kubectl (Go), PyYAML or
 * YAML 1.2 take for a number (`0o7`, `0X1F`, `1e1_0`), for a merge (`<<`) or for a syntax error (`=`, a tab, U+2028).
 */
export function isMisreadInPlainYaml(value: string): boolean {
  if (name.test(value)) return false;
  return value === '=' || value === '<<' || isNumberToGo(value) || bareControl.test(value) || losesTabsOrBlanks(value);
}

/** Keys and values, at any depth of an object, that {@link isMisreadInPlainYaml}; each once, in order of appearance. */
export function stringsMisreadInPlainYaml(object: unknown): string[] {
  const found = new Set<string>();
  collect(object, found);
  return [...found];
}

function collect(value: unknown, found: Set<string>): void {
  if (typeof value === 'string') {
    if (isMisreadInPlainYaml(value)) found.add(value);
  } else if (Array.isArray(value)) {
    for (const item of value) collect(item, found);
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, item] of Object.entries(value)) {
      collect(key, found);
      collect(item, found);
    }
  }
}

function isNumberToGo(value: string): boolean {
  if (!/^[-+]?[\d_]/.test(value) || value.startsWith('_')) return false;
  if (quotedNumber.test(value)) return false;
  const digits = value.replaceAll('_', '');
  return goInteger.test(digits) || (goFloat.test(digits) && Number.isFinite(Number(digits)));
}

function losesTabsOrBlanks(value: string): boolean {
  if (escapedControl.test(value)) return false;
  if (!value.includes('\n')) return value.includes('\t') && !quotedLine.test(value);
  if (/\n[\t ]+$/.test(value)) return false;
  // Written as a literal block: leading tabs look like bad indentation, and lines of nothing but blanks get lost.
  return /^\n*\t/.test(value) || /^[\n\t ]*[\t ][\n\t ]*$/.test(value);
}
