import { defineConfig } from 'vitest/config';

/** The tests of storages against real servers, which test/servers/start/ installs where they are missing, starts and stops. */
export default defineConfig({
  test: {
    setupFiles: ['test/support/setup.ts'],
    include: ['test/servers/**/*.servers.ts'],
    globalSetup: ['test/servers/global-setup.ts'],
    testTimeout: 180_000,
    hookTimeout: 180_000,
    fileParallelism: false,
  },
});
