import fs from 'node:fs';
import { Command } from 'commander';
import { printable } from '../text/printable.js';
import { defineApply } from './commands/apply.js';
import { defineCache } from './commands/cache.js';
import { defineCollectstatic } from './commands/collectstatic.js';
import { type Example, examplesText, type Run, type Start } from './commands/command.js';
import { defineFindstatic } from './commands/findstatic.js';
import { definePrune } from './commands/prune.js';
import { defineReleases } from './commands/releases.js';
import { defineServe } from './commands/serve.js';
import type { CommandName } from './reporter.js';
import type { Terminal } from './terminal.js';

/** A program of `bin/`: one command, or `staticfiles` with all of them. */
export type ProgramName = Extract<CommandName, 'collectstatic' | 'findstatic'> | 'staticfiles';

const DEFINITIONS: Readonly<Record<CommandName, (command: Command, start: Start) => void>> = {
  collectstatic: defineCollectstatic,
  findstatic: defineFindstatic,
  serve: defineServe,
  releases: defineReleases,
  prune: definePrune,
  apply: defineApply,
  cache: defineCache,
};

/**
 * Returns the parser of a program. It prints help, version and usage errors, and then throws a `CommanderError`.
 *
 * @param execute runs the command that the command line names
 */
export function createProgram(
  name: ProgramName,
  { stdout, stderr }: Pick<Terminal, 'stdout' | 'stderr'>,
  execute: <Flags>(name: CommandName, command: Command, run: Run<Flags>) => Promise<void>,
): Command {
  const program = new Command(name).exitOverride().configureOutput({
    writeOut: (text) => stdout.write(text),
    writeErr: (text) => stderr.write(printable(text)),
    outputError: (text, write) => write(withHint(text)),
  });
  if (name === 'staticfiles') addCommands(program, execute);
  else DEFINITIONS[name](program, (command, run) => execute(name, command, run));
  return program.version(packageVersion(), '--version', 'show the version');
}

const EXAMPLES: readonly Example[] = [
  ['staticfiles collectstatic --noinput', 'collect without asking, as in CI'],
  ['staticfiles serve --dev', 'serve the sources, without collecting'],
  ['staticfiles help prune', 'show the help of a command'],
];

function addCommands(program: Command, execute: Parameters<typeof createProgram>[2]): void {
  program
    .description('Collect static files, publish and serve them, and show where they come from')
    .helpOption('-h, --help', 'show this help')
    .helpCommand('help [command]', 'show the help of a command')
    .addHelpText('after', examplesText(EXAMPLES));
  for (const name of Object.keys(DEFINITIONS) as CommandName[])
    DEFINITIONS[name](program.command(name), (command, run) => execute(name, command, run));
}

/** Says a suggestion of commander in our words, or ours for a command of other tools, or how to get help. */
function withHint(error: string): string {
  const [message = '', suggestion] = error.trimEnd().split('\n(Did you mean ');
  const [, unknown = ''] = /unknown command '(.*)'/.exec(message) ?? [];
  const ours = OTHER_NAMES.get(unknown);
  if (ours !== undefined) return `${message}\nDid you mean '${ours}'?\n`;
  if (suggestion === undefined) return `${message}\nAdd --help to see how it is used.\n`;
  const names = suggestion.replace(/^one of |\?\)$/g, '').split(', ');
  return `${message}\nDid you mean ${names.map((each) => `'${each}'`).join(', ')}?\n`;
}

/** What people try who know other tools, and the command that does it here. */
const OTHER_NAMES: ReadonlyMap<string, string> = new Map([
  ...['collect', 'build', 'publish', 'deploy', 'sync', 'watch'].map(
    (name) => [name, 'collectstatic'] as const,
  ),
  ...['find', 'which', 'where', 'why'].map((name) => [name, 'findstatic'] as const),
  ...['dev', 'start', 'runserver'].map((name) => [name, 'serve --dev'] as const),
  ...['preview', 'server'].map((name) => [name, 'serve'] as const),
  ...['activate', 'rollback', 'list', 'release'].map((name) => [name, 'releases'] as const),
  ...['clean', 'clear', 'gc'].map((name) => [name, 'prune'] as const),
]);

/** The version in the package's own `package.json`. */
function packageVersion(): string {
  const manifest = fs.readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(manifest) as { version: string }).version;
}
