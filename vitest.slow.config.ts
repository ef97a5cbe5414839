import { mergeConfig } from 'vitest/config';
import config from './vitest.config.js';

/** The tests that take long; `npm test` leaves them out. */
export default mergeConfig(
  { ...config, test: { ...config.test, include: [], exclude: [] } },
  { test: { include: ['test/**/*.slow.test.ts'], testTimeout: 300_000 } },
);
