import { pathToFileURL } from 'node:url';
import { defineConfig, type Plugin } from 'vitest/config';

/** Threads do not run through vitest: they run the built modules, which `npm test` builds first. */
const builtWorkers: Plugin = {
  name: 'built-workers',
  transform(code, id) {
    if (!id.includes('/src/')) return undefined;
    const built = pathToFileURL(`${id.slice(0, id.lastIndexOf('/src/'))}/dist/chunks/`);
    return code.replace(
      /new URL\(['"](\.\/[\w-]+-worker\.js)['"], import\.meta\.url\)/g,
      (_, script) => `new URL(${JSON.stringify(script)}, ${JSON.stringify(built.href)})`,
    );
  },
};

export default defineConfig({
  plugins: [builtWorkers],
  test: {
    setupFiles: ['test/support/setup.ts'],
    include: ['test/**/*.test.ts'],
    exclude: ['test/**/*.slow.test.ts'],
    testTimeout: 30_000,
    maxWorkers: 3,
    // Files share a worker's modules, which halves the time. So each test must undo what it changes.
    isolate: false,
  },
});
