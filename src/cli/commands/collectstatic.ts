import path from 'node:path';
import { type Command, InvalidArgumentError, Option } from 'commander';
import type { CollectOptions } from '../../collectstatic.js';
import type { PruneLimits } from '../../prune/rules.js';
import type { WatchOptions } from '../../watchstatic.js';
import type { ExitCode, Terminal } from '../terminal.js';
import {
  addCommon,
  type CommandContext,
  type Example,
  requireOption,
  type Start,
  searchedRoots,
} from './command.js';
import { addPruneRules, wholeNumber } from './prune.js';

/** Values of the options. Those that the library has too have its names and units. */
interface Flags
  extends PruneLimits,
    Pick<WatchOptions, 'poll'>,
    Pick<
      CollectOptions,
      'clear' | 'link' | 'postProcess' | 'ignore' | 'defaultIgnore' | 'checksum' | 'index' | 'failOnConflict'
    > {
  readonly dryRun?: true;
  readonly prune?: true;
  readonly watch?: true;
  readonly planOut?: string;
  readonly references?: string;
  readonly summary?: 'full' | 'django';
}

type Options = CollectOptions & Pick<WatchOptions, 'poll'>;

/** Collects, makes a plan file, or collects on each change. */
async function run(context: CommandContext, flags: Flags): Promise<ExitCode> {
  const { settings, reporter } = context;
  const options = await collectOptions(context, flags);
  if (flags.watch) await watch(context, options, flags);
  else if (flags.planOut !== undefined) await writePlan(context, options, flags);
  else {
    const { collectBriefly, collectstatic } = await import('../../collectstatic.js');
    const shown = { ...flags, searched: searchedRoots(settings) };
    if (reporter.summarized) reporter.summarized(await collectBriefly(settings, options), shown);
    else reporter.collected(await collectstatic(settings, options), shown);
  }
  return 0;
}

async function collectOptions(
  { reporter, terminal, signal, interactive }: CommandContext,
  { prune, keep, olderThan, watch, planOut, references, summary, ...flags }: Flags,
): Promise<Options> {
  const dryRun = flags.dryRun ?? planOut !== undefined;
  const file = references === undefined ? undefined : await openFile(path.resolve(terminal.cwd, references));
  return {
    ...flags,
    dryRun,
    signal,
    ...(prune && { prune: { keep, olderThan, maxDelete: flags.maxDelete } }),
    possibleReferences: file !== undefined,
    onReferences(report) {
      file?.write(report);
      reporter.referenced(report);
    },
    onPlan(plan) {
      file?.assertWritten();
      reporter.planned(plan, { dryRun });
    },
    onPrunePlan: (plan) => reporter.pruning(plan, { dryRun }),
    onWarning: (warning) => reporter.warned([warning]),
    onProgress: reporter.progressed,
    ...(interactive &&
      !isUnattended(terminal, Boolean(flags.clear || prune)) && {
        confirm: async (question) => {
          const { askToOverwrite } = await import('../prompt.js');
          return askToOverwrite(question, { reporter, terminal, signal });
        },
      }),
  };
}

/** In CI nobody can answer, and overwriting is what the run is for. What deletes needs `--noinput` there too. */
function isUnattended({ env, stdin }: Terminal, deletes: boolean): boolean {
  return !deletes && Boolean(env.CI) && env.CI !== 'false' && !stdin.isTTY;
}

async function openFile(file: string) {
  const { openReferencesFile } = await import('../output-files.js');
  return openReferencesFile(file);
}

async function writePlan(
  { settings, reporter, terminal }: CommandContext,
  options: Options,
  { planOut: file = '', ...flags }: Flags,
): Promise<void> {
  const [{ planCollect }, { planFileText }, { writeOutputFile }] = await Promise.all([
    import('../../apply-plan.js'),
    import('../../pipeline/plan-file.js'),
    import('../output-files.js'),
  ]);
  const { report, planFile } = await planCollect(settings, options);
  writeOutputFile(path.resolve(terminal.cwd, file), planFileText(planFile));
  reporter.collected(report, { ...flags, searched: searchedRoots(settings) });
  reporter.planWritten(file);
}

/** Only a signal ends it, so it succeeds then. */
async function watch({ settings, reporter }: CommandContext, options: Options, flags: Flags): Promise<void> {
  const { watchstatic } = await import('../../watchstatic.js');
  const watcher = watchstatic(settings, {
    ...options,
    onFirst: (result) => reporter.collected(result, { ...flags, searched: searchedRoots(settings) }),
    onReady: reporter.watching,
    onRun: reporter.collectedAgain,
    onError: reporter.failed,
  });
  await watcher.closed;
}

const EXAMPLES: readonly Example[] = [
  ['collectstatic --noinput', 'collect without asking, as in CI'],
  ['collectstatic --dry-run -v 3', 'show what would be done and why'],
  ['collectstatic --noinput --clear', 'also delete published files that are no longer collected'],
  ['collectstatic --noinput --watch', 'collect again whenever a source changes'],
];

/** Defines collectstatic. */
export function defineCollectstatic(command: Command, start: Start): void {
  command
    .description('Collect the static files of apps, folders and packages, and publish them')
    .combineFlagAndOptionalValue(false) // -cl is -c -l
    .option('--noinput, --no-input', 'never ask before files are overwritten (default in CI)')
    .option('-n, --dry-run', 'show what would be done, and change nothing')
    .addOption(clear)
    .option('-l, --link', 'link to the sources instead of copying them')
    .addOption(watching)
    .option('--poll', 'poll for changes, for network drives and containers (requires --watch)')
    .optionsGroup('Files:')
    .option('-i, --ignore <pattern>', 'also ignore matching names (repeatable)', collect)
    .option(
      '--no-default-ignore',
      "collect what defaultIgnore hides too (default: ignore 'CVS', '.*' and '*~')",
    )
    .option('--no-post-process', 'publish the files unprocessed')
    .option('--fail-on-conflict', 'fail if files with the same path have different bytes')
    .optionsGroup('Comparing:')
    .option('--checksum', 'compare contents, not the records of earlier runs')
    .option('--no-index', 'list the files of a service instead of using its index')
    .optionsGroup('Releases:')
    .option('--release <id>', "publish as this release; 'auto' detects the id (default: release.id)")
    .addOption(prune);
  addPruneRules(command, 'requires --prune; ')
    .option(
      '--max-delete <number>',
      'fail if more files would be deleted (requires --prune or --clear; default: 256, without limit for --clear in a local folder)',
      wholeNumber,
    )
    .optionsGroup('Plans and reports:')
    .addOption(planOut)
    .option('--references <file>', 'write all references to a file, as JSON')
    .addOption(summary);
  addCommon(command, EXAMPLES, {
    done: 'done, or --watch was stopped',
    failed: 'failed, cancelled, or a check failed',
  }).action(() => start(command, run));
  requireOption(command, 'poll', 'watch');
  requireOption(command, 'keep', 'prune');
  requireOption(command, 'olderThan', 'prune');
  requireOption(command, 'maxDelete', 'prune', 'clear');
}

const clear = new Option(
  '-c, --clear [all]',
  "delete published files that are no longer collected, and write every file again; 'all' deletes all other files too",
).argParser(allOrNothing);

/** Commander calls it without a text for `-cl`, and not at all for `--clear`. */
function allOrNothing(text: string | undefined): true | 'all' {
  if (text === undefined) return true;
  if (text === 'all') return text;
  throw new InvalidArgumentError("The only value is 'all'.");
}

const watching = new Option('--watch', 'collect again whenever a source changes, until Ctrl-C').conflicts([
  'dryRun',
  'clear',
  'references',
  'planOut',
  'prune',
]);

const prune = new Option(
  '--prune',
  'after publishing, delete old releases and unused files, as staticfiles prune does',
).conflicts(['clear']);

const planOut = new Option(
  '--plan-out <file>',
  'write the plan to a file for staticfiles apply, and change nothing',
).conflicts(['prune']);

const summary = new Option(
  '--summary <style>',
  "end with this summary; 'django' is the sentence that Django prints, for scripts that parse it (default: full)",
).choices(['full', 'django']);

function collect(pattern: string, earlier: readonly string[] = []): readonly string[] {
  return [...earlier, pattern];
}
