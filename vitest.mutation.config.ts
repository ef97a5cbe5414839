import { mergeConfig } from 'vitest/config';
import config from './vitest.config.js';

const tests = process.env.STATICFILES_MUTATION_TESTS?.split(',') ?? ['test'];

/** The tests of the folder that is changed (.ci/mutation.js). Tests of built commands never see a change. */
export default mergeConfig(
  { ...config, test: { ...config.test, include: [], exclude: [] } },
  { test: { include: tests.map((each) => (each.endsWith('.ts') ? each : `${each}/**/!(*.slow).test.ts`)) } },
);
