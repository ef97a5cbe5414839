import path from 'node:path';
import { type Command, InvalidArgumentError, Option } from 'commander';
import type { CollectOptions } from '../../collectstatic.js';
import { collectstatic } from '../../collectstatic.js';
import { loadSettings } from '../../settings/load.js';
import type { Settings } from '../../settings/settings.js';
import type { CollectFlags, Invocation } from '../reporter.js';
import type { ExitCode } from '../terminal.js';
import {
  addCommonOptions,
  type CommandContext,
  type CommonValues,
  commonFlags,
  keepHeapSmall,
  loadCommandSettings,
} from './command.js';
import { addOptionalPruneOptions, type PruneValues, pruneFlags } from './prune.js';

/** What the command calls; a test brings its own. */
export interface CollectStages {
  readonly loadSettings: typeof loadSettings;
  readonly collectstatic: typeof collectstatic;
}

/** Runs collectstatic and reports it. */
export async function runCollectstatic(
  flags: CollectFlags,
  context: CommandContext,
  stages: CollectStages = { loadSettings, collectstatic },
): Promise<ExitCode> {
  const settings = await loadCommandSettings(stages.loadSettings, flags, context);
  const options = await collectOptions(settings, flags, context);
  if (flags.watch) await collectAndWatch(settings, options, flags, context);
  else if (flags.planOut !== undefined) await plan(settings, options, flags.planOut, context);
  else context.reporter.collected(await stages.collectstatic(settings, options));
  return 0;
}

async function plan(
  settings: Settings,
  options: CollectOptions,
  file: string,
  { reporter, terminal }: CommandContext,
): Promise<void> {
  const { planCollect } = await import('../../apply-plan.js');
  const { writePlanFile } = await import('./apply.js');
  const { report, planFile } = await planCollect(settings, options);
  writePlanFile(path.resolve(terminal.cwd, file), planFile);
  reporter.collected(report);
  reporter.planWritten(file);
}

/** Ends in good order when it is interrupted: nothing else ends it. */
async function collectAndWatch(
  settings: Settings,
  options: CollectOptions,
  { poll }: CollectFlags,
  { reporter }: CommandContext,
): Promise<void> {
  const { watchstatic } = await import('../../watchstatic.js');
  const watcher = watchstatic(settings, {
    ...options,
    poll,
    onFirst: reporter.collected,
    onReady: reporter.watching,
    onRun: reporter.collectedAgain,
    onError: reporter.failed,
  });
  await watcher.closed;
}

async function collectOptions(
  { storage }: Settings,
  flags: CollectFlags,
  context: CommandContext,
): Promise<CollectOptions> {
  const {
    dryRun,
    clear,
    maxDelete,
    link,
    postProcess,
    checksum,
    index,
    failOnConflict,
    ignore,
    defaultIgnore,
  } = flags;
  const { reporter, signal } = context;
  const references = await referencesFile(flags, context);
  return {
    ...{
      dryRun,
      clear,
      maxDelete,
      link,
      postProcess,
      checksum,
      index,
      failOnConflict,
      ignore,
      defaultIgnore,
    },
    signal,
    onReferences(report) {
      references?.write(report);
      if (flags.json || flags.verbosity >= 2) reporter.referenced(report.counts());
    },
    onPlan(plan) {
      references?.assertWritten();
      if (storage.displayUrl !== undefined) keepHeapSmall(plan);
      reporter.planned(plan);
    },
    ...(flags.prune && { prune: flags.prune }),
    onPrunePlan: (plan) => reporter.pruning(plan, { dryRun }),
    onWarning: (warning) => reporter.warned([warning]),
    onProgress: reporter.progressed,
    ...(flags.interactive && !dryRun && { confirm: confirmOn(context, flags) }),
  };
}

async function referencesFile({ references: file }: CollectFlags, { terminal }: CommandContext) {
  if (file === undefined) return undefined;
  const { openReferencesFile } = await import('../references-file.js');
  return openReferencesFile(path.resolve(terminal.cwd, file));
}

function confirmOn(
  { reporter, terminal, signal }: CommandContext,
  { json }: CollectFlags,
): NonNullable<CollectOptions['confirm']> {
  return async (question) => {
    reporter.paused();
    const { askToOverwrite } = await import('../prompt.js');
    const output = json ? terminal.stderr : terminal.stdout;
    return askToOverwrite(question, { input: terminal.stdin, output }, signal);
  };
}

/** What commander makes of the options; those that begin with `--no-` are true until given. */
interface CollectValues extends CommonValues, PruneValues {
  readonly input: boolean;
  readonly noinput?: true;
  readonly postProcess: boolean;
  readonly ignore?: readonly string[];
  readonly defaultIgnore: boolean;
  readonly dryRun?: true;
  readonly clear?: true | 'all';
  readonly link?: true;
  readonly failOnConflict?: true;
  readonly checksum?: true;
  readonly index: boolean;
  readonly references?: string;
  readonly release?: string;
  readonly planOut?: string;
  readonly prune?: true;
  readonly watch?: true;
  readonly poll?: true;
}

const EXAMPLES = `
Examples:
  $ collectstatic --noinput            collect without asking, as in CI
  $ collectstatic --dry-run -v 3       show what would be done, and why
  $ collectstatic --noinput --clear    and delete published files that are no longer collected
  $ collectstatic --noinput -i '*.map' -i docs
  $ collectstatic --noinput --watch    and again whenever a source changes
`;

const watch = new Option('--watch', 'go on, and collect again whenever a source changes').conflicts([
  'dryRun',
  'clear',
  'references',
  'planOut',
  'prune',
]);

const planOut = new Option(
  '--plan-out <file>',
  'write the plan to a file, as JSON, and change nothing: staticfiles apply carries it out',
).conflicts(['prune']);

const clear = new Option(
  '-c, --clear [what]',
  "delete published files that are no longer collected, and write every file again; with 'all', delete all other files too",
).argParser(allOrNothing);

/** Commander calls it without a text for `-cl`, and not at all for `--clear`. */
function allOrNothing(text: string | undefined): true | 'all' {
  if (text === undefined) return true;
  if (text === 'all') return text;
  throw new InvalidArgumentError("The only value is 'all'.");
}

const prune = new Option(
  '--prune',
  'then delete old releases, and files that none needs, as staticfiles prune does',
).conflicts(['clear']);

/** Makes `command` the command collectstatic. */
export function defineCollectstatic(command: Command, understood: (invocation: Invocation) => void): void {
  command
    .description('Collects the static files of apps, folders and packages into one place.')
    .combineFlagAndOptionalValue(false) // -cl is -c -l
    .option('--noinput', 'ask nothing')
    .option('--no-input', 'the same as --noinput')
    .option('--no-post-process', 'publish the files as they are found')
    .option(
      '-i, --ignore <pattern>',
      'ignore names like this, besides those in the settings; repeatable',
      collect,
    )
    .option('--no-default-ignore', "do not ignore 'CVS', '.*' and '*~'")
    .option('-n, --dry-run', 'show what would be done; change nothing')
    .addOption(clear)
    .option('-l, --link', 'make links to the sources in place of copies')
    .option('--fail-on-conflict', 'fail where files of one name have different bytes')
    .option('--checksum', 'compare contents; trust no record of earlier runs')
    .option('--no-index', 'keep no index of what a remote storage holds; list it at each run')
    .option('--release <id>', "publish as this release, over the settings; 'auto' finds the id out")
    .option('--references <file>', 'write all references that were found to a file, as JSON')
    .addOption(planOut)
    .addOption(prune);
  addOptionalPruneOptions(command)
    .addOption(watch)
    .option(
      '--poll',
      'with --watch: look at all files again and again, where the system tells of no changes',
    );
  addCommonOptions(command)
    .addHelpText('after', EXAMPLES)
    .action((values: CollectValues) => {
      refuseAlone(command, values);
      understood(invocationOf(values));
    });
}

/** Refuses options without the one that they require. */
function refuseAlone(command: Command, values: CollectValues): void {
  const refuse = (option: string, other: string) =>
    command.error(`error: option '${option}' requires ${other}`);
  if (values.poll && !values.watch) refuse('--poll', '--watch');
  if (values.prune) return;
  if (values.keep !== undefined) refuse('--keep', '--prune');
  if (values.olderThan !== undefined) refuse('--older-than', '--prune');
  if (values.maxDelete !== undefined && !values.clear) refuse('--max-delete', '--prune or --clear');
}

function collect(pattern: string, earlier: readonly string[] = []): readonly string[] {
  return [...earlier, pattern];
}

function invocationOf(values: CollectValues): Invocation {
  const flags = {
    ...commonFlags(values),
    release: values.release,
    interactive: values.input && !values.noinput,
    postProcess: values.postProcess,
    ignore: values.ignore ?? [],
    defaultIgnore: values.defaultIgnore,
    dryRun: values.dryRun ?? values.planOut !== undefined,
    planOut: values.planOut,
    clear: values.clear ?? false,
    maxDelete: values.maxDelete,
    link: values.link ?? false,
    failOnConflict: values.failOnConflict ?? false,
    checksum: values.checksum ?? false,
    index: values.index,
    references: values.references,
    prune: values.prune && pruneFlags(values),
    watch: values.watch ?? false,
    poll: values.poll ?? false,
  };
  return { command: 'collectstatic', flags };
}
