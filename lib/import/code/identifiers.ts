/** What a file imports from tierwall and cdk8s, and words that are no names. */
const reserved: ReadonlySet<string> = new Set([
  ...'break case catch class const continue debugger default delete do else enum export extends false finally for function if import in'.split(
    ' ',
  ),
  ...'instanceof new null return super switch this throw true try typeof var void while with yield let static implements interface'.split(
    ' ',
  ),
  ...'package private protected public await async of arguments eval undefined require module exports app anyPort noDns'.split(
    ' ',
  ),
  ...'nodeLocalDns openshiftDns kubeDns global process console'.split(' '),
]);

/** Gives each thing of one file a name of its own, from its words. */
export class Identifiers {
  private readonly taken = new Set<string>();

  /** @param otherwise a word that is added where the name is taken by something else */
  give(words: string, otherwise: string): string {
    const plain = camelCase(words);
    for (const candidate of [plain, camelCase(`${words} ${otherwise}`)]) if (this.take(candidate)) return candidate;
    for (let n = 2; ; n++) if (this.take(`${plain}${n}`)) return `${plain}${n}`;
  }

  private take(name: string): boolean {
    if (this.taken.has(name) || reserved.has(name)) return false;
    this.taken.add(name);
    return true;
  }
}

/** As in `cartService` for `cart-service`. */
export function camelCase(words: string): string {
  const [first = 'it', ...rest] = words
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter(Boolean);
  const name = first + rest.map(capital).join('');
  return /^\d/.test(name) ? `n${name}` : name;
}

export function capital(word: string): string {
  return word.slice(0, 1).toUpperCase() + word.slice(1);
}
