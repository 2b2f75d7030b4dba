import { execFileSync } from 'node:child_process';

/** A trailer of a commit, as in `Reviewed-by: …` at its end. */
export interface Trailer {
  /** As git shortens it. */
  readonly commit: string;
  readonly value: string;
}

/** Trailers of one key in the commits that are in `to` and not in `from`; none where git knows no such revisions. */
export function trailersBetween(from: string, to: string, key: string, cwd: string): Trailer[] {
  const format = `--format=%h%x00%(trailers:key=${key},valueonly,unfold,separator=%x00)%x01`;
  try {
    const words = ['log', format, '--end-of-options', `${from}..${to}`, '--'];
    const text = execFileSync('git', words, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
    return text.split('\u0001').flatMap((entry) => {
      const [commit = '', ...values] = entry.trim().split('\0');
      return values.filter((value) => value.trim() !== '').map((value) => ({ commit, value }));
    });
  } catch {
    return [];
  }
}
