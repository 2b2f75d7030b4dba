/** Matchers for Jest: importing this is enough. For types with `@jest/globals` import `tierwall/jest-globals` instead. */
import { type NetworkMatchers, networkMatchers } from './testing';

export * from './testing';

declare global {
  namespace jest {
    // biome-ignore lint/complexity/noBannedTypes: as @types/jest declares it
    interface Matchers<R, T = {}> extends NetworkMatchers<R> {}
  }
}

interface Expect {
  extend(matchers: object): void;
}

/** A global, unless the project has `injectGlobals` off. */
const { expect } = globalThis as { readonly expect?: Expect };
(expect ?? (require('@jest/globals') as { readonly expect: Expect }).expect).extend(networkMatchers);
