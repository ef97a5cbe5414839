import fs from 'node:fs';
import { Command, CommanderError } from 'commander';
import { printable } from '../text/printable.js';
import { defineApply } from './commands/apply.js';
import { defineCache } from './commands/cache.js';
import { defineCollectstatic } from './commands/collectstatic.js';
import { defineFindstatic } from './commands/findstatic.js';
import { definePrune } from './commands/prune.js';
import { defineReleases } from './commands/releases.js';
import { defineServe } from './commands/serve.js';
import type { CommandName, Invocation } from './reporter.js';
import type { ExitCode, Terminal } from './terminal.js';

/** A program in `bin/`: a command of its own, or `staticfiles`, which offers them all. */
export type ProgramName = Extract<CommandName, 'collectstatic' | 'findstatic'> | 'staticfiles';

/** What is to be run; or, where nothing is (help, version, wrong usage), the exit code. */
export type Parsed = { readonly invocation: Invocation } | { readonly exitCode: ExitCode };

type Define = (command: Command, understood: (invocation: Invocation) => void) => void;

const DEFINITIONS: Readonly<Record<CommandName, Define>> = {
  collectstatic: defineCollectstatic,
  findstatic: defineFindstatic,
  apply: defineApply,
  serve: defineServe,
  releases: defineReleases,
  prune: definePrune,
  cache: defineCache,
};

/**
 * Understands a command line. Prints help, version and what is wrong with it.
 *
 * @param argv the arguments alone, without `node` and the script.
 *
 * @example
 * parseArguments('staticfiles', ['findstatic', 'css/app.css'], terminal);
 * // { invocation: { command: 'findstatic', names: ['css/app.css'], flags: { … } } }
 */
export function parseArguments(
  name: ProgramName,
  argv: readonly string[],
  terminal: Pick<Terminal, 'stdout' | 'stderr'>,
): Parsed {
  let invocation: Invocation | undefined;
  const program = createProgram(name, terminal, (understood) => {
    invocation = understood;
  });
  try {
    program.parse(argv, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    // Commander's own code for wrong usage is 1.
    return { exitCode: error.exitCode === 0 ? 0 : 2 };
  }
  return invocation === undefined ? { exitCode: 0 } : { invocation };
}

function createProgram(
  name: ProgramName,
  terminal: Pick<Terminal, 'stdout' | 'stderr'>,
  understood: (invocation: Invocation) => void,
): Command {
  const program = new Command(name)
    .version(packageVersion(), '--version')
    .showHelpAfterError('(add --help to see how it is used)')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => terminal.stdout.write(text),
      writeErr: (text) => terminal.stderr.write(printable(text)),
    });
  if (name === 'staticfiles') addCommands(program, understood);
  else DEFINITIONS[name](program, understood);
  return program;
}

function addCommands(program: Command, understood: (invocation: Invocation) => void): void {
  program.description('Collects static files, and says where they come from.');
  for (const [name, define] of Object.entries(DEFINITIONS)) define(program.command(name), understood);
}

/** The version in the package's own `package.json`. */
function packageVersion(): string {
  const manifest = fs.readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(manifest) as { version: string }).version;
}
