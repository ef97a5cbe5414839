import { defineConfig } from 'vitest/config';

/** Compares handlers of static files, and writes docs/http-conformance.md. Installs WhiteNoise (test/system/install.ts). */
export default defineConfig({
  test: {
    setupFiles: ['test/support/setup.ts'],
    include: ['test/conformance/**/*.conformance.ts'],
    testTimeout: 600_000,
  },
});
