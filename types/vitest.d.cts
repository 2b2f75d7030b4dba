import type { NetworkMatchers } from '../dist/testing.js';

export * from '../dist/testing.js';

declare module 'vitest' {
  // biome-ignore lint/suspicious/noExplicitAny: as Vitest declares it
  interface Matchers<T = any> extends NetworkMatchers<T> {}
}
