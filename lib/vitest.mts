/** Matchers for Vitest: importing this is enough. */
import { expect } from 'vitest';
import { type NetworkMatchers, networkMatchers } from './testing.js';

export * from './testing.js';

declare module 'vitest' {
  // biome-ignore lint/suspicious/noExplicitAny: as Vitest declares it
  interface Matchers<T = any> extends NetworkMatchers<T> {}
}

expect.extend(networkMatchers);
