import { type Command, InvalidArgumentError } from 'commander';
import type { ExitCode } from '../terminal.js';
import { addCommon, type CommandContext, type Example, requireOption, type Start } from './command.js';

interface Flags {
  readonly prune?: true;
  /** Days. */
  readonly maxAge?: number;
  /** Megabytes. */
  readonly maxSize?: number;
}

const MAX_AGE = 30;

const MAX_SIZE = 1000;

async function run(
  { settings: { cacheDir }, reporter }: CommandContext,
  { prune, maxAge = MAX_AGE, maxSize = MAX_SIZE }: Flags,
): Promise<ExitCode> {
  const { inspectCache, pruneCache } = await import('../../cache/prune-cache.js');
  const limits = { maxAgeDays: maxAge, maxSize: maxSize * 1_000_000 };
  reporter.cached(prune ? pruneCache(cacheDir, limits) : inspectCache(cacheDir));
  return 0;
}

const EXAMPLES: readonly Example[] = [
  ['staticfiles cache', 'show what the cache folder holds'],
  ['staticfiles cache --prune', 'delete what is old, as in a nightly job'],
  ['staticfiles cache --prune --max-age 14 --max-size 200', 'keep at most 200 MB of the last two weeks'],
];

/** Defines cache. */
export function defineCache(command: Command, start: Start): void {
  command
    .description('Show what the cache folder holds, or delete entries that are no longer used')
    .option(
      '--prune',
      'delete entries that are too old or exceed the size limit, and leftovers of killed runs',
    )
    .option(
      '--max-age <days>',
      `keep entries that a run used within this time (requires --prune; default: ${MAX_AGE})`,
      notNegative,
    )
    .option(
      '--max-size <megabytes>',
      `keep at most this much (requires --prune; default: ${MAX_SIZE})`,
      notNegative,
    );
  addCommon(command, EXAMPLES).action(() => start(command, run));
  requireOption(command, 'maxAge', 'prune');
  requireOption(command, 'maxSize', 'prune');
}

function notNegative(text: string): number {
  const number = Number(text);
  if (text.trim() === '' || !(number >= 0)) throw new InvalidArgumentError('It must be a number, 0 or more.');
  return number;
}
