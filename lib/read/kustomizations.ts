import type { Issue } from '../model/issue';
import type { Kustomization } from './kustomization';

/** More are counted. */
const mostNamed = 3;

/** The kustomizations among what is read. They are not applied: that takes kustomize. */
export class Kustomizations {
  private readonly byFolder = new Map<string, Kustomization>();

  add(found: Kustomization): void {
    this.byFolder.set(found.folder, found);
  }

  /** Whether two files are of different kustomizations, where these change what they take: then they need not be of one cluster. */
  areApart(one: string | undefined, other: string | undefined): boolean {
    if (one === undefined || other === undefined || this.changing().length === 0) return false;
    const [first, second] = [this.around(one), this.around(other)];
    return first !== undefined && second !== undefined && first !== second;
  }

  /** Told at once, of all that nobody else takes: what they come to is what counts. */
  notApplied(): Issue[] {
    const changing = this.changing();
    const [first, ...others] = changing;
    if (!first) return [];
    const names = changing.slice(0, mostNamed).map(({ shown }) => `\`${shown || '.'}\``);
    const rest = changing.length - names.length;
    const list = `${names.join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
    const parts = this.all(first);
    const isMinor = others.length === 0 && parts.every(({ changes }) => changes !== 'objects');
    const place = { file: first.shown === '' ? first.name : `${first.shown}/${first.name}`, line: 1 };
    const isRenamed = parts.some(({ changes }) => changes === 'names');
    if (isMinor && isRenamed && parts.some((part) => part.takesWritten())) {
      const message = `kustomize changes the names or labels of policies that tierwall wrote, by ${list}: \`drift\` and \`apply\` know them by these, and take them for missing and left over`;
      const hint = 'leave it out, or give them these names in the app';
      return [{ code: 'renamed-output', message, place, hint }];
    }
    const what = isMinor ? 'the names or labels of what it takes' : 'what is linted here';
    return [
      {
        code: isMinor ? 'renamed' : 'not-built',
        message: `kustomize changes ${what}, by ${list}, and is not run`,
        place,
        hint: `lint what it comes to, as with \`kubectl kustomize ${first.shown || '.'} | tierwall lint -\``,
      },
    ];
  }

  /** Those that no other one takes and that change something, in themselves or in what they take. */
  private changing(): Kustomization[] {
    const taken = new Set([...this.byFolder.values()].flatMap(({ takes }) => takes));
    return [...this.byFolder.values()].filter(
      (own) => !taken.has(own.folder) && this.all(own).some(({ changes }) => changes !== 'nothing'),
    );
  }

  /** It, and all that it takes. */
  private all(own: Kustomization, seen: Set<Kustomization> = new Set()): Kustomization[] {
    if (seen.has(own)) return [];
    seen.add(own);
    const taken = own.takes.flatMap((folder) => this.byFolder.get(folder) ?? []);
    return [own, ...taken.flatMap((other) => this.all(other, seen))];
  }

  /** The kustomization of the nearest folder around a file. */
  private around(file: string): Kustomization | undefined {
    return [...this.byFolder.values()]
      .filter(({ shown }) => shown === '' || file.startsWith(`${shown}/`))
      .sort((a, b) => b.shown.length - a.shown.length)[0];
  }
}
