import { defineConfig } from 'vitest/config';

/** Pages of npm packages in Chromium (test/browser/packages.ts). Installs the packages and the browser where they are missing. */
export default defineConfig({
  test: {
    // All is in one file: the default reporter would say nothing until its end.
    reporters: ['verbose'],
    setupFiles: ['test/support/setup.ts'],
    include: ['test/browser/**/*.browser.ts'],
    testTimeout: 120_000,
    hookTimeout: 600_000,
  },
});
