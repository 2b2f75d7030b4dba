import { setTimeout as wait } from 'node:timers/promises';

/** What is asked for, as soon as it is there. @throws the last error, or what it came to, if it never is */
export async function eventually<T>(ask: () => T | undefined | Promise<T | undefined>, withinMs = 30_000): Promise<T> {
  const end = Date.now() + withinMs;
  for (;;) {
    let failure: unknown = new Error('it never came to be');
    try {
      const found = await ask();
      if (found !== undefined) return found;
    } catch (error) {
      failure = error;
    }
    if (Date.now() > end) throw failure;
    await wait(50);
  }
}
