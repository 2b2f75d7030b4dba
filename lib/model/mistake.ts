/** What is wrong with something that is declared, as issues and findings tell it. */
interface Told {
  readonly message: string;
  readonly hint?: string;
  readonly place: {
    readonly construct?: string;
    readonly origin?: { toString(): string };
    readonly file?: string;
    readonly line?: number | undefined;
    readonly field?: string;
  };
}

/** What one line of code has wrong, in one scope or alike in several, as in environments that a loop declares. */
export interface Mistake<T> {
  readonly first: T;
  /** By what tells them apart, as in `dev` and `prod`; empty where it is in one alone. */
  readonly scopes: readonly string[];
}

/** The same one after another, those of one mistake together. @param kindOf tells mistakes of one line apart, beside what is said of them */
export function mistakesOf<T extends Told>(told: readonly T[], kindOf: (one: T) => string): Mistake<T>[] {
  const mistakes = new Map<unknown, [T, ...T[]]>();
  for (const one of told) {
    const key = keyOf(one, kindOf(one)) ?? one;
    const known = mistakes.get(key);
    if (known) known.push(one);
    else mistakes.set(key, [one]);
  }
  return [...mistakes.values()].map((same) => ({ first: same[0], scopes: differingScopes(same) }));
}

/** What is the same of one mistake, however its scopes are called; undefined where no line of code is known. */
function keyOf({ message, hint, place }: Told, kind: string): string | undefined {
  if (place.construct === undefined) return undefined;
  const line = place.origin?.toString() ?? (place.line && `${place.file}:${place.line}`);
  if (!line) return undefined;
  const scopes = scopesOf(place.construct);
  const own = place.construct.split('/').slice(scopes.length);
  const said = scopes.reduce(
    (text, scope, i) => text.replace(wordOf(scope), `<${i}>`),
    [...own, message, hint].join('\n'),
  );
  return [kind, line, place.field, scopes.length, said].join('\n');
}

/** The scopes that a construct is in; an environment at the top, which is in none, counts as one. */
function scopesOf(construct: string): string[] {
  const path = construct.split('/');
  return path.length > 1 ? path.slice(0, -1) : path;
}

function wordOf(name: string): RegExp {
  return new RegExp(`(?<![A-Za-z\\d])${name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}(?![A-Za-z\\d])`, 'g');
}

function differingScopes(same: readonly Told[]): string[] {
  const [first = [], ...others] = same.map(({ place }) => scopesOf(place.construct ?? ''));
  const differs = (_: string, i: number) => others.some((scopes) => scopes[i] !== first[i]);
  const told = [first, ...others].map((scopes) => scopes.filter(differs).join('/'));
  return [...new Set(told)].filter((scope) => scope !== '');
}
