import { type Command, InvalidArgumentError, Option } from 'commander';
import type { Settings } from '../../settings/settings.js';
import type { Reporter, SearchedRoot, Verbosity } from '../reporter.js';
import type { ExitCode, Terminal } from '../terminal.js';

/** What a command works with. */
export interface CommandContext {
  readonly settings: Settings;
  readonly reporter: Reporter;
  readonly terminal: Terminal;
  /** Aborted when the command must stop. */
  readonly signal: AbortSignal;
  readonly verbosity: Verbosity;
  /** Whether the command may ask you something. */
  readonly interactive: boolean;
}

/** Does the work of a command, given the values of its own options and its arguments. */
export type Run<Flags> = (
  context: CommandContext,
  flags: Flags,
  args: readonly string[],
) => Promise<ExitCode>;

/** Runs a command once its command line is parsed. */
export type Start = <Flags>(command: Command, run: Run<Flags>) => Promise<void>;

/** Values of the options that every command has. */
export interface CommonFlags {
  readonly input: boolean;
  readonly verbosity: Verbosity;
  readonly quiet?: true;
  readonly json?: true;
  readonly settings?: string;
  readonly staticRoot?: string;
  readonly staticUrl?: string;
  readonly cacheDir?: string;
  /** Only collectstatic has it, but it overrides a setting too. */
  readonly release?: string;
}

/** Returns the values of the options that only some commands have. */
export function ownFlags<Flags>({
  input,
  verbosity,
  quiet,
  json,
  settings,
  staticRoot,
  staticUrl,
  cacheDir,
  release,
  ...flags
}: CommonFlags): Flags {
  return flags as Flags;
}

/** Returns the folders that the finders of a project search. */
export function searchedRoots({ finders }: Settings): readonly SearchedRoot[] {
  return finders.flatMap((finder) => finder.roots().map((root) => ({ ...root, finder: finder.name })));
}

/** Heading of the options that every command has. */
export const COMMON_OPTIONS = 'Common options:';

/** A command line, and what it does. */
export type Example = readonly [line: string, effect: string];

/** Meanings of exit codes that differ between commands. */
interface ExitCodes {
  readonly done?: string;
  readonly failed?: string;
}

/**
 * Adds the options that every command has, and the end of its help. Call it last: `--noinput` is added unless the
 * command has it already.
 */
export function addCommon(command: Command, examples: readonly Example[], codes: ExitCodes = {}): Command {
  const asks = command.options.some(({ long }) => long === '--no-input');
  command.optionsGroup(COMMON_OPTIONS);
  if (!asks) command.option('--noinput, --no-input', 'never ask (this command asks nothing)');
  return command
    .addOption(
      new Option('-v, --verbosity <level>', 'print 0 errors, 1 the outcome, 2 each file, 3 each file and why')
        .argParser(verbosity)
        .default(1),
    )
    .option('-q, --quiet', 'print only errors, as -v 0')
    .option('--json', 'print one JSON document to standard output')
    .option('--settings <file>', 'read this settings file (default: the nearest one from here upwards)')
    .option('--static-root <path>', 'use this folder instead of staticRoot or STATIC_ROOT')
    .option('--static-url <url>', 'use this URL prefix instead of staticUrl or STATIC_URL')
    .option('--cache-dir <path>', 'use this folder instead of cacheDir')
    .helpOption('-h, --help', 'show this help')
    .addHelpText('after', `${examplesText(examples)}\n${exitCodesText(codes)}`);
}

/** Returns the examples at the end of a help text. */
export function examplesText(examples: readonly Example[]): string {
  const width = Math.max(...examples.map(([line]) => line.length));
  const lines = examples.map(([line, effect]) => `  $ ${line.padEnd(width)}  ${effect}\n`);
  return `\nExamples:\n${lines.join('')}`;
}

function exitCodesText({ done = 'done', failed = 'failed' }: ExitCodes): string {
  return [
    'Exit codes:',
    `  0         ${done}`,
    `  1         ${failed}`,
    '  2         wrong usage',
    '  130, 143  stopped by SIGINT (Ctrl-C) or SIGTERM before it was done',
  ].join('\n');
}

function verbosity(text: string): Verbosity {
  if (/^[0-3]$/.test(text)) return Number(text) as Verbosity;
  throw new InvalidArgumentError('Allowed choices are 0, 1, 2, 3.');
}

/** Refuses an option without any of those that it requires, by their names in camel case. */
export function requireOption(command: Command, name: string, ...required: readonly string[]): void {
  command.hook('preAction', () => {
    const isGiven = (each: string) => command.getOptionValueSource(each) === 'cli';
    if (!isGiven(name) || required.some(isGiven)) return;
    command.error(`error: ${flag(name)} requires ${required.map(flag).join(' or ')}`);
  });
}

/** `maxDelete` is `--max-delete`. */
function flag(name: string): string {
  return `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}
