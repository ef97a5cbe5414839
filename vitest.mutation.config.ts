import { mergeConfig } from 'vitest/config';
import config from './vitest.config.js';

/**
 * The tests of what is mutated (stryker.config.json). Others run the same lines by the way, and seldom see more. Tests of
 * built commands never see a mutant.
 */
export default mergeConfig(
  { ...config, test: { ...config.test, include: [] } },
  {
    test: {
      include: ['test/*.test.ts', 'test/{pipeline,prune,releases,serve,storages,testing,watch}/**/*.test.ts'],
    },
  },
);
