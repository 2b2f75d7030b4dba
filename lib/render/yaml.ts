import {
  COLLECTION_STYLE,
  CORE_SCHEMA,
  mapTag,
  type Node,
  type PresenterOptions,
  present,
  SCALAR_STYLE,
  type ScalarNode,
  type ScalarStyle,
  seqTag,
  strTag,
} from 'js-yaml';
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

/** The decision is made here and not by js-yaml's own rules: those keep what they misread, not what Go misreads. */
const presenterOptions: PresenterOptions = {
  schema: CORE_SCHEMA,
  indent: 2,
  seqNoIndent: true,
  lineWidth: -1,
  scalarStyleRules: [],
};

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
export function toYaml(object: unknown): string {
  return present([{ contents: nodeOf(object), directives: [] }], presenterOptions);
}

// js-yaml's `dump` would build these nodes as well, at twice the time.
function nodeOf(value: unknown): Node {
  if (typeof value === 'string') return scalar(value, styleOfText(value));
  if (Array.isArray(value)) {
    return {
      kind: 'sequence',
      tag: seqTag.tagName,
      tagged: false,
      style: COLLECTION_STYLE.BLOCK,
      items: value.map(nodeOf),
    };
  }
  if (typeof value === 'object' && value !== null) {
    const items = Object.entries(value)
      .filter(([, item]) => item !== undefined)
      .map(([key, item]) => ({ key: scalar(key, styleOfKey(key)), value: nodeOf(item) }));
    return { kind: 'mapping', tag: mapTag.tagName, tagged: false, style: COLLECTION_STYLE.BLOCK, items };
  }
  if (value === null || typeof value === 'boolean' || Number.isFinite(value)) {
    // YAML 1.1 knows no exponent without a decimal point.
    return scalar(JSON.stringify(value).replace(/^(-?\d)e/, '$1.0e'), SCALAR_STYLE.PLAIN);
  }
  throw new TypeError(`YAML cannot say \`${String(value)}\``);
}

function scalar(value: string, style: ScalarStyle): ScalarNode {
  return { kind: 'scalar', tag: strTag.tagName, tagged: false, style, value };
}

function styleOfKey(key: string): ScalarStyle {
  if (plainText.test(key) && !reservedWord.test(key)) return SCALAR_STYLE.PLAIN;
  if (halfCharacter.test(key)) throw unwritable(key);
  return SCALAR_STYLE.DOUBLE_QUOTED;
}

function styleOfText(text: string): ScalarStyle {
  return literalText.test(text) ? SCALAR_STYLE.LITERAL_BLOCK : styleOfKey(text);
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
