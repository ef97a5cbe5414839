import { defineConfig } from 'vitest/config';

/** The tests with real readers: a browser, Django, curl. They install what they need (test/system/install.ts). */
export default defineConfig({
  test: {
    setupFiles: ['test/support/setup.ts'],
    include: ['test/system/**/*.system.ts'],
    testTimeout: 180_000,
    hookTimeout: 600_000,
    fileParallelism: false,
  },
});
