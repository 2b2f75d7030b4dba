import type { Fact } from '../cni-profile';

function sourced<T extends string>(value: T): (url: string, says: string) => Fact<T> {
  return (url, says) => ({ value, source: { url, says } });
}

export const yes = sourced('yes');
export const no = sourced('no');
export const denied = sourced('denied');
export const allowed = sourced('allowed');

/** Unknown, since it depends on what the source says. */
export const depends = sourced('unknown');

/** Unknown: nothing was found. */
export const notFound: Fact<'unknown'> = { value: 'unknown' };
