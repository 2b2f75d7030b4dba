import type { Construct } from 'constructs';
import { InputError, type Issue } from '../model/issue';
import type { Declared } from '../model/program';
import { Origin } from '../origin/origin';
import { type Options, readOptions, show } from './options';
import { Registry } from './registry';

/** A second construct of one id in one scope. */
export function duplicate(kind: string, id: string, declared: Declared): Issue {
  const scope = declared.path.split('/').slice(0, -1).join('/');
  if (id in {}) {
    const message = `\`${id}\` cannot be the id of a construct: objects of JavaScript have it already`;
    return { code: 'bad-id', message, place: placeOf(declared), hint: `give another id, and \`name: '${id}'\`` };
  }
  return {
    code: `duplicate-${kind}`,
    message: `${kind} \`${id}\` is declared twice in ${scope === '' ? 'the app' : `\`${scope}\``}`,
    place: placeOf(declared),
    hint: 'give one of them another id',
  };
}

export function placeOf(declared: Declared): Issue['place'] {
  return { construct: declared.path, ...(declared.origin ? { origin: declared.origin } : {}) };
}

/** The usable options of a construct, after reporting what is wrong with the others at the line that declared it. */
export function checkOptions<Props>(
  scope: Construct,
  declared: Declared,
  given: Props,
  options: Options<Props>,
): Partial<Props> {
  const { usable, problems } = readOptions(given === undefined ? ({} as Props) : given, options);
  for (const problem of problems) Registry.of(scope).addMistake({ ...problem, place: placeOf(declared) });
  return usable;
}

/**
 * Asks that the scope is of one of the kinds, and the id a text. What they would hold cannot be made without them, so these mistakes come at once.
 * @throws InputError
 */
export function checkScope(scope: Construct, what: string, id: string, kinds: readonly Kind[]): void {
  const kind = kindOf(scope);
  if (kind === undefined || !kinds.includes(kind)) {
    const given = kind === undefined ? (scope?.constructor.name ?? `${scope}`) : withArticle(kind);
    const fits = kinds.map((name) => name[0]!.toUpperCase() + name.slice(1)).join(' or ');
    const hint = `give ${withArticle(kinds[0]!).split(' ')[0]} ${fits}`;
    throw misuse('wrong-scope', `the scope of ${what} \`${show(id)}\` is ${given}`, hint);
  }
  checkId(scope, what, id);
}

/** @throws InputError for an id that is no text, or an empty one */
export function checkId(scope: Construct, what: string, id: unknown): void {
  if (typeof id === 'string' && id !== '') return;
  const { path } = scope.node;
  const where = path === '' ? '' : ` in \`${path}\``;
  const hint = `write \`new ${what}(scope, 'name', …)\`: the id says what it is, and is unique in its scope`;
  throw misuse(
    'wrong-id',
    `the id of ${/^[AE]/.test(what) ? 'an' : 'a'} ${what}${where} is ${id === '' ? 'empty' : `\`${show(id)}\`, which is no text`}`,
    hint,
    path,
  );
}

/** A mistake of which no construct can come, at the line that makes it. */
export function misuse(code: string, message: string, hint: string, construct?: string): InputError {
  const origin = Origin.capture();
  const place = { ...(construct ? { construct } : {}), ...(origin ? { origin } : {}) };
  return new InputError([{ code, message, place, hint }]);
}

/** What of the program a construct is, or undefined for one that is none of it. */
export function kindOf(construct: unknown): Kind | undefined {
  const kind = (construct as Partial<{ model: { kind: Kind } }> | undefined)?.model?.kind;
  return kinds.find((known) => known === kind);
}

const kinds = ['environment', 'namespace', 'tier', 'service'] as const;
type Kind = (typeof kinds)[number];

export function withArticle(kind: Kind): string {
  return kind === 'environment' ? `an ${kind}` : `a ${kind}`;
}
