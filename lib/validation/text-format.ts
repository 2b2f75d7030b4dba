/**
 * The API server's formats for text, each a table of what breaks it and what the server then says.
 *
 * The expressions search for what is wrong instead of matching what is right, so that they need neither backtracking nor a
 * stack, however long the text. Lengths are in bytes of UTF-8, as in Go.
 */
interface TextRule {
  readonly broken: (text: string) => boolean;
  readonly message: string;
}

/** What is wrong with a text, in the API server's words; empty if nothing. */
export type TextFormat = (text: string) => readonly string[];

const nothing: readonly string[] = [];

const usualWord = /^[a-z0-9]+(?:-[a-z0-9]+)*$/;

const label = '[a-z0-9]([-a-z0-9]*[a-z0-9])?';
const subdomain = `${label}(\\.${label})*`;
const nameCharacters = '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]';

const notLabel = /^$|[^-a-z0-9]|^-|-$/;
const notSubdomain = /^$|[^-a-z0-9.]|^[-.]|[-.]$|\.[-.]|-\./;
const notLabelValue = /[^-A-Za-z0-9_.]|^[-_.]|[-_.]$/;
const notName = /^$|[^-A-Za-z0-9_.]|^[-_.]|[-_.]$/;

const nameRule = withPattern(
  "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character",
  nameCharacters,
  'MyName',
  'my.name',
  '123-abc',
);

/** Names of namespaces. */
export const dnsLabel = formatOfWords([
  atMost(63),
  { broken: (text) => notLabel.test(text) && !notSubdomain.test(text), message: 'must not contain dots' },
  {
    broken: (text) => notSubdomain.test(text),
    message: withPattern(
      "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character",
      label,
      'my-name',
      '123-abc',
    ),
  },
]);

/** Names of most objects. */
export const dnsSubdomain = formatOfWords([
  atMost(253),
  {
    broken: (text) => notSubdomain.test(text),
    message: withPattern(
      "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character",
      subdomain,
      'example.com',
    ),
  },
]);

export const labelValue = formatOfWords([
  atMost(63),
  {
    broken: (text) => notLabelValue.test(text),
    message: withPattern(
      "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character",
      `(${nameCharacters})?`,
      'MyValue',
      'my_value',
      '12345',
    ),
  },
]);

/** Named ports. */
export const portName = format([
  atMost(15),
  {
    broken: (text) => /^$|[^-a-z0-9]/.test(text),
    message: 'must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)',
  },
  { broken: (text) => !/[a-z]/.test(text), message: 'must contain at least one letter (a-z)' },
  { broken: (text) => text.includes('--'), message: 'must not contain consecutive hyphens' },
  { broken: (text) => /^-|-$/.test(text), message: 'must not begin or end with a hyphen' },
]);

const namePart = formatOfWords([
  { broken: (text) => text === '', message: 'name part must be non-empty' },
  { ...atMost(63), message: 'name part must be no more than 63 characters' },
  { broken: (text) => notName.test(text), message: `name part ${nameRule}` },
]);

const usualKey = /^(?:[a-z0-9]+(?:[-.][a-z0-9]+)*\/)?[a-z0-9]+(?:[-.][a-z0-9]+)*$/;

/** Keys of labels and, in lower case, of annotations: a name, optionally after a DNS subdomain and a slash. */
export const qualifiedName: TextFormat = (text) => {
  if (isUsual(text, usualKey)) {
    return nothing;
  }
  const slash = text.indexOf('/');
  if (slash < 0) {
    return namePart(text);
  }
  if (text.includes('/', slash + 1)) {
    return [`a qualified name ${nameRule} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`];
  }
  return [...prefixPart(text.slice(0, slash)), ...namePart(text.slice(slash + 1))];
};

function prefixPart(text: string): readonly string[] {
  return text === ''
    ? ['prefix part must be non-empty']
    : dnsSubdomain(text).map((message) => `prefix part ${message}`);
}

function format(rules: readonly TextRule[]): TextFormat {
  return (text) => rules.filter((rule) => rule.broken(text)).map((rule) => rule.message);
}

/** A format to which words of lower case, digits and single hyphens always belong, so that those need no look at its rules. */
function formatOfWords(rules: readonly TextRule[]): TextFormat {
  const all = format(rules);
  return (text) => (isUsual(text, usualWord) ? nothing : all(text));
}

function isUsual(text: string, usual: RegExp): boolean {
  return text.length <= 63 && usual.test(text);
}

function atMost(bytes: number): TextRule {
  return {
    // UTF-8 never takes less bytes than JavaScript counts characters, nor more than three times as many.
    broken: (text) => text.length * 3 > bytes && Buffer.byteLength(text) > bytes,
    message: `must be no more than ${bytes} characters`,
  };
}

function withPattern(message: string, pattern: string, ...examples: readonly string[]): string {
  return `${message} (e.g. ${examples.map((example) => `'${example}', `).join(' or ')}regex used for validation is '${pattern}')`;
}
