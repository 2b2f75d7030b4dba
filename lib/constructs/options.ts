import { inspect } from 'node:util';
import type { Issue } from '../model/issue';
import { AnyPort, Port } from '../model/port';
import { dnsLabel, labelValue, qualifiedName } from '../validation/text-format';
import { didYouMean } from './did-you-mean';

/** What is wrong, without where. */
export type Problem = Omit<Issue, 'place'>;

/** What is wrong with the value of the option `name`. */
export type Check = (value: unknown, name: string) => readonly Problem[];

/** All options that there are, of whatever takes them. Those who write no types, or mistype an optional key, learn of it by this alone. */
export interface Options<Props> {
  /** As in `Service`. */
  readonly owner: string;
  readonly checks: { readonly [K in keyof Required<Props>]: Check };
  readonly required: readonly string[];
}

const fine: readonly Problem[] = [];

export function options<Props>(
  owner: string,
  checks: Options<Props>['checks'],
  required: readonly (keyof Props & string)[] = [],
): Options<Props> {
  return { owner, checks, required };
}

/** What was given, but for what is wrong with it: that is told, and left out, so that nobody trips over it later. */
export interface ReadOptions<Props> {
  readonly usable: Partial<Props>;
  readonly problems: readonly Problem[];
}

/** Finds keys that are no option, values that an option cannot have, and required options that are missing. Undefined is not given. */
export function readOptions<Props>(given: Props, known: Options<Props>, prefix = ''): ReadOptions<Props> {
  const { owner, checks, required } = known;
  if (!isRecord(given)) {
    const what = prefix === '' ? `the options of ${owner} are` : `\`${prefix.slice(0, -1)}\` is`;
    const hint = prefix === '' ? 'write them as `{ … }`' : `write \`${prefix.slice(0, -1)}: { … }\``;
    return { usable: {}, problems: [bad(`${what} \`${show(given)}\`, which is no object`, hint)] };
  }
  let usable: Partial<Props> = given;
  let problems = fine;
  for (const key of Object.keys(given) as (keyof Props & string)[]) {
    const value = given[key];
    const exists = Object.hasOwn(checks, key);
    const wrong = exists
      ? value === undefined
        ? fine
        : checks[key](value, prefix + key)
      : [unknown(known, prefix, key)];
    if (wrong.length === 0) continue;
    problems = [...problems, ...wrong];
    const { [key]: _, ...rest } = usable;
    usable = rest as Partial<Props>;
  }
  const absent = required.filter((key) => given[key as keyof Props] === undefined).map((key) => missing(prefix + key));
  return { usable, problems: absent.length > 0 ? [...problems, ...absent] : problems };
}

/** Whether it is an object with keys of its own: a list is none, nor what holds things in another way, as a Map, or a promise that nobody waited for. */
export function isRecord(value: unknown): value is object {
  return Object.prototype.toString.call(value) === '[object Object]';
}

/** Whatever it is, somebody else looks at it. */
export const anything: Check = () => fine;

/** A text that says something. */
export const text =
  (hint = 'give a text, or leave it out'): Check =>
  (value, name) => {
    if (typeof value !== 'string') return [bad(`\`${name}\` is \`${show(value)}\`, which is no text`, hint)];
    if (value.trim() === '') return [bad(`\`${name}\` is empty`, hint)];
    if (!halfCharacter.test(value)) return fine;
    const message = `\`${name}\` holds half of a character (a lone surrogate)`;
    return [bad(message, 'cut texts between characters: `[...text].slice(…).join("")`')];
  };

/** As cutting a text by its length leaves it; nothing can be written of it. */
const halfCharacter = /\p{Surrogate}/u;

/** A text that can be the value of a label. */
export const label =
  (hint: string): Check =>
  (value, name) => {
    const problems = text(hint)(value, name);
    return problems.length > 0 ? problems : labelText(value, name);
  };

/** A text that can be the key of a label. */
export const labelKey: Check = (value, name) => {
  const problems = text()(value, name);
  const [wrong] = problems.length > 0 ? [] : qualifiedName(value as string);
  if (wrong === undefined) return problems;
  return [bad(`\`${name}\` is \`${value}\`, which the API server refuses as the key of a label`, brief(wrong))];
};

export const oneOf =
  (...values: readonly string[]): Check =>
  (value, name) => {
    if (values.includes(value as string)) return fine;
    const message = `\`${name}\` is \`${show(value)}\`, which is none of ${quoted(values)}`;
    return [bad(message, didYouMean(String(value), values) ?? 'use one of those')];
  };

export const list =
  (item: Check): Check =>
  (value, name) =>
    Array.isArray(value)
      ? value.flatMap((one, i) => item(one, `${name}[${i}]`))
      : [bad(`\`${name}\` is \`${show(value)}\`, which is no list`, `write \`${name}: […]\``)];

/** An object with options of its own. */
export const nested =
  <Props>(inner: Options<Props>): Check =>
  (value, name) =>
    readOptions(value as Props, inner, `${name}.`).problems;

/** A value that its own class or function makes. */
export const made =
  (holds: (value: unknown) => boolean, what: string, hint: string): Check =>
  (value, name) =>
    holds(value) ? fine : [bad(`\`${name}\` is \`${show(value)}\`, which is no ${what}`, hint)];

/** The name of a namespace. */
export const namespaceName: Check = (value, name) => {
  const problems = text('give the name of a namespace')(value, name);
  if (problems.length > 0 || dnsLabel(value as string).length === 0) return problems;
  return [bad(`\`${name}\` is \`${value}\`, which is no DNS label`, 'give the name of a namespace')];
};

/** Labels that the API server accepts. */
export const labels: Check = (value, name) => {
  if (!isRecord(value)) {
    return [bad(`\`${name}\` is \`${show(value)}\`, which is no object`, `write \`${name}: { key: 'value' }\``)];
  }
  const problems: Problem[] = [];
  for (const [key, label] of Object.entries(value)) {
    const [wrongKey] = qualifiedName(key);
    if (wrongKey)
      problems.push(bad(`\`${name}\` has the key \`${key}\`, which the API server refuses`, brief(wrongKey)));
    if (typeof label === 'string') {
      const [wrong] = labelValue(label);
      const message = `\`${name}\` has the value \`${label}\` for \`${key}\`, which the API server refuses`;
      if (wrong) problems.push(bad(message, brief(wrong)));
    } else if (label === undefined || label === null) {
      problems.push(bad(`\`${name}\` has no value for \`${key}\``, 'give one, or leave the key out'));
    } else {
      problems.push(bad(`\`${name}\` has \`${show(label)}\` for \`${key}\`, which is no text`, 'write it in quotes'));
    }
  }
  return problems;
};

/** A label selector, but for its operators, which are looked at where it is read. */
export const selector: Check = nested(
  options('a selector', {
    matchLabels: labels,
    matchExpressions: list(
      nested(options('a selector', { key: text(), operator: anything, values: list(labelText) }, ['key', 'operator'])),
    ),
  }),
);

/** The ports of an intent or a guarantee. */
export const portList: Check = (value, name) => {
  if (value instanceof AnyPort) return fine;
  if (!Array.isArray(value)) {
    const one = typeof value === 'string' ? `'${value}'` : show(value);
    const single = isPort(value) ? `write \`${name}: [${one}]\`` : 'give a list of ports, or `anyPort()`';
    return [bad(`\`${name}\` is \`${show(value)}\`, which is no list`, single)];
  }
  const wrong = value.filter((port) => !isPort(port));
  const hint = 'give names, numbers, text as `53/UDP`, `Port`s or `anyPort()`';
  return wrong.map((port) => bad(`\`${name}\` holds \`${show(port)}\`, which is no port`, hint));
};

/** The ports that a service declares; each of them is looked at where it is read. */
export const portsByName: Check = (value, name) => {
  if (value instanceof AnyPort || (isRecord(value) && !(value instanceof Port))) return fine;
  const what = Array.isArray(value) ? 'a list' : `\`${show(value)}\``;
  return [bad(`\`${name}\` is ${what}, and a service's ports have names`, `write \`${name}: { http: 8080 }\``)];
};

export function bad(message: string, hint: string): Problem {
  return { code: 'bad-option', message, hint };
}

/** What was given, as a message quotes it. */
export function show(value: unknown): string {
  if (typeof value === 'string') return value;
  const { node } = (value ?? {}) as { readonly node?: { readonly path?: unknown } };
  if (typeof node?.path === 'string') return `${value!.constructor.name} ${node.path}`.trimEnd();
  return inspect(value, { depth: 0, breakLength: Number.POSITIVE_INFINITY });
}

function labelText(value: unknown, name: string): readonly Problem[] {
  const wrong = typeof value === 'string' ? labelValue(value)[0] : 'give a text';
  return wrong ? [bad(`\`${name}\` is \`${show(value)}\`, which the API server refuses`, brief(wrong))] : fine;
}

/** The API server's rule without its examples and regular expression. */
function brief(rule: string): string {
  return rule.split(' (e.g. ')[0]!;
}

function isPort(value: unknown): boolean {
  return typeof value === 'string' || typeof value === 'number' || value instanceof Port || value instanceof AnyPort;
}

function unknown<Props>({ owner, checks }: Options<Props>, prefix: string, key: string): Problem {
  const names = Object.keys(checks).map((name) => prefix + name);
  const hint = didYouMean(prefix + key, names) ?? `its options are ${quoted(names)}`;
  return { code: 'unknown-option', message: `\`${prefix}${key}\` is no option of ${owner}`, hint };
}

function missing(name: string): Problem {
  return { code: 'missing-option', message: `\`${name}\` is missing`, hint: `give \`${name}\`` };
}

function quoted(names: readonly string[]): string {
  return names.map((name) => `\`${name}\``).join(', ');
}
