import { CORE_SCHEMA, defineScalarTag, mergeTag, NOT_RESOLVED } from 'js-yaml';

const decimal = /^[-+]?(?:0|[1-9]\d*)$/;
const otherBase = /^([-+]?)0(?:(b)0*[01]+|(x)[\da-f]+|(o)?[0-7]+)$/i;
const float = /^[-+]?(?:\.\d+|\d+(?:\.\d*)?)(?:e[-+]?\d+)?$/i;
const notFinite = /^(?:[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/;

const digits = [...'0123456789'];
const truths: ReadonlyMap<string, boolean> = new Map([
  ...['y', 'Y', 'yes', 'Yes', 'YES', 'true', 'True', 'TRUE', 'on', 'On', 'ON'].map((word) => [word, true] as const),
  ...['n', 'N', 'no', 'No', 'NO', 'false', 'False', 'FALSE', 'off', 'Off', 'OFF'].map((w) => [w, false] as const),
]);

const truth = defineScalarTag<boolean>('tag:yaml.org,2002:bool', {
  implicit: true,
  implicitFirstChars: [...'yYnNtTfFoO'],
  resolve: (source) => truths.get(source) ?? NOT_RESOLVED,
  identify: () => false,
});

const integer = defineScalarTag<number>('tag:yaml.org,2002:int', {
  implicit: true,
  implicitFirstChars: ['-', '+', ...digits],
  resolve: integerOf,
  identify: () => false,
});

const number = defineScalarTag<number>('tag:yaml.org,2002:float', {
  implicit: true,
  implicitFirstChars: ['-', '+', '.', ...digits],
  resolve: floatOf,
  identify: () => false,
});

/** More texts of the length of names than these are forgotten, and remembered anew. */
const mostTexts = 100_000;
const known = new Map<string, string>();

/**
 * Texts that do not keep the document that they were cut from in memory, as cut texts of 13 characters and more do; equal
 * ones are mostly the same. Texts longer than any name or label are not kept by anybody.
 */
const text = defineScalarTag('tag:yaml.org,2002:str', {
  resolve: (source) => {
    if (source.length < 13 || source.length > 317) return source;
    const own = known.get(source);
    if (own !== undefined) return own;
    if (known.size >= mostTexts) known.clear();
    const copy = Buffer.from(source, 'utf8').toString('utf8');
    known.set(copy, copy);
    return copy;
  },
  identify: () => false,
});

/**
 * Scalars as kubectl and the API server read them (sigs.k8s.io/yaml), so that no manifest means something else here than
 * there: YAML 1.1 words for true and false (`on`, `y`), octal numbers (`0777` is 511), underscores in numbers, merge keys,
 * and no dates.
 */
export const kubernetesSchema = CORE_SCHEMA.withTags(mergeTag, truth, integer, number, text);

function integerOf(source: string): number | typeof NOT_RESOLVED {
  if (decimal.test(source)) return Number(source);
  const plain = source.replaceAll('_', '');
  if (decimal.test(plain)) return Number(plain);
  const [, sign, ...base] = otherBase.exec(plain) ?? [];
  if (sign === undefined) return NOT_RESOLVED;
  const prefixed = base.some(Boolean) ? plain.slice(sign.length) : `0o${plain.slice(sign.length + 1)}`;
  return Number(prefixed.toLowerCase()) * (sign === '-' ? -1 : 1);
}

function floatOf(source: string): number | typeof NOT_RESOLVED {
  if (notFinite.test(source)) return Number.NaN;
  const plain = source.replaceAll('_', '');
  const value = float.test(plain) ? Number(plain) : Number.NaN;
  return Number.isFinite(value) ? value : NOT_RESOLVED;
}
