import { inspectCache, pruneCache } from '../../cache/prune-cache.js';
import { loadSettings } from '../../settings/load.js';
import type { ExitCode } from '../exit-code.js';
import type { CacheFlags } from '../invocation.js';
import type { CommandContext } from './command-context.js';
import { loadCommandSettings } from './command-settings.js';

const MEGABYTE = 1_000_000;

/** Runs `staticfiles cache` and reports it. */
export async function runCache(flags: CacheFlags, context: CommandContext): Promise<ExitCode> {
  const { cacheDir } = await loadCommandSettings(loadSettings, flags, context);
  const { prune, maxAgeDays, maxSizeMb } = flags;
  context.reporter.cached(
    prune ? pruneCache(cacheDir, { maxAgeDays, maxSize: maxSizeMb * MEGABYTE }) : inspectCache(cacheDir),
  );
  return 0;
}
