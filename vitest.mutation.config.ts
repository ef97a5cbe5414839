import { mergeConfig } from 'vitest/config';
import config from './vitest.config.js';

/** Tests that run the sources: those of built commands never see a mutant. */
export default mergeConfig(config, { test: { exclude: ['test/cli/**', 'test/docs*.test.ts'] } });
