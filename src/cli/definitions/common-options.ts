import { type Command, Option } from 'commander';
import type { CommonFlags, Verbosity } from '../invocation.js';

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
