import v8 from 'node:v8';
import { type Command, Option } from 'commander';
import type { Plan } from '../../pipeline/plan.js';
import { closeStorages } from '../../settings/close-storages.js';
import type { loadSettings } from '../../settings/load.js';
import type { Settings } from '../../settings/settings.js';
import type { CollectFlags, CommonFlags, Reporter, Verbosity } from '../reporter.js';
import { orInterrupted } from '../signals.js';
import type { Terminal } from '../terminal.js';

/** What commander makes of the options that every command has. */
export interface CommonValues {
  readonly verbosity: '0' | '1' | '2' | '3';
  readonly quiet?: true;
  readonly json?: true;
  readonly settings?: string;
  readonly staticRoot?: string;
  readonly staticUrl?: string;
  readonly cacheDir?: string;
}

const verbosity = new Option(
  '-v, --verbosity <level>',
  'how much to say: 0 nothing, 1 the outcome, 2 each file, 3 why',
)
  .choices(['0', '1', '2', '3'])
  .default('1');

/** Adds the options that every command has. */
export function addCommonOptions(command: Command): Command {
  return command
    .addOption(verbosity)
    .option('-q, --quiet', 'the same as -v 0')
    .option('--json', 'print one JSON document on standard output, and nothing else there')
    .option('--settings <file>', 'the settings file (default: searched for from here upwards)')
    .option('--static-root <path>', 'the folder to collect into, over the settings and STATIC_ROOT')
    .option('--static-url <url>', 'the URL prefix of static files, over the settings and STATIC_URL')
    .option('--cache-dir <path>', 'the folder for what can be computed again, over the settings');
}

/** The flags that every command has, from commander's values. */
export function commonFlags(values: CommonValues): CommonFlags {
  return {
    verbosity: values.quiet ? 0 : (Number(values.verbosity) as Verbosity),
    json: values.json ?? false,
    settings: values.settings,
    staticRoot: values.staticRoot,
    staticUrl: values.staticUrl,
    cacheDir: values.cacheDir,
  };
}

/** What every command is run with. */
export interface CommandContext {
  readonly reporter: Reporter;
  readonly terminal: Terminal;
  /** Aborted when the command is to stop. */
  readonly signal: AbortSignal;
  /** Has something done when the command is over, after success and failure alike. */
  atEnd(step: () => Promise<void>): void;
}

/**
 * Loads the settings that the flags, the environment and the current directory ask for, and reports their warnings. Their
 * storages are closed when the command is over.
 */
export async function loadCommandSettings(
  load: typeof loadSettings,
  flags: CommonFlags & Pick<CollectFlags, 'release'>,
  { reporter, terminal, signal, atEnd }: CommandContext,
): Promise<Settings> {
  const { staticRoot, staticUrl, cacheDir, release } = flags;
  const loading = load({
    cwd: terminal.cwd,
    env: terminal.env,
    file: flags.settings,
    overrides: { staticRoot, staticUrl, cacheDir, release },
  });
  const settings = await orInterrupted(loading, signal).catch((error) => {
    // Loading goes on after an interruption, and may still open what keeps the process alive.
    void loading.then(closeStorages).catch(() => {});
    throw error;
  });
  atEnd(() => closeStorages(settings));
  reporter.warned(settings.warnings);
  return settings;
}

/** With so many files memory is worth more than the tenth of the time that this takes. */
const MANY = 20_000;

/**
 * Has garbage collected sooner where a plan is large: before the heap has grown by a fifth, not only when it has doubled.
 * Of all flags of V8 (https://nodejs.org/api/v8.html#v8setflagsfromstringflags) this one may be set at any time: it is
 * looked at after each collection.
 */
export function keepHeapSmall(plan: Plan): void {
  if (plan.length >= MANY) v8.setFlagsFromString('--heap-growing-percent=20');
}
