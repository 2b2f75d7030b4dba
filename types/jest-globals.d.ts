import type { NetworkMatchers } from '../dist/testing';

export * from '../dist/testing';

declare module '@jest/expect' {
  interface Matchers<R extends void | Promise<void>> extends NetworkMatchers<R> {}
}
