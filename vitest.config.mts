import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));

const globalSetup = at('./test/support/temporary-folder.ts');

const shared = {
  resolve: {
    alias: [
      { find: /^tierwall$/, replacement: at('./lib/index.ts') },
      { find: /^tierwall\/plus$/, replacement: at('./lib/plus.ts') },
      { find: /^tierwall\/config$/, replacement: at('./lib/config.ts') },
      { find: /^tierwall\/engine$/, replacement: at('./lib/engine.ts') },
      { find: /^tierwall\/testing$/, replacement: at('./lib/testing.ts') },
      { find: /^tierwall\/vitest$/, replacement: at('./lib/vitest.mts') },
    ],
  },
};

// `.ci/run` asks for the results as a file beside what is printed.
const { VITEST_JSON } = process.env;

export default defineConfig({
  test: {
    reporters: VITEST_JSON ? ['default', ['json', { outputFile: VITEST_JSON }]] : ['default'],
    projects: [
      {
        ...shared,
        test: {
          name: 'unit',
          globalSetup,
          include: ['{test,apps}/**/*.test.ts'],
          exclude: ['test/slow/**', 'test/e2e/**'],
          testTimeout: 30_000,
        },
      },
      {
        ...shared,
        test: {
          name: 'slow',
          globalSetup,
          include: ['test/slow/**/*.test.ts'],
          testTimeout: 300_000,
          hookTimeout: 300_000,
        },
      },
      {
        ...shared,
        test: {
          name: 'e2e',
          globalSetup,
          include: ['test/e2e/**/*.test.ts'],
          fileParallelism: false, // each file starts servers of its own, and some measure time
          testTimeout: 300_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
