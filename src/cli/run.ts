import process from 'node:process';
import type { ExitCode } from './exit-code.js';
import { guardOutput } from './output-errors.js';
import { type ProgramName, parseArguments } from './program.js';
import { systemTerminal, type Terminal } from './terminal.js';

/** Runs a program of `bin/` with the arguments of this process, and sets its exit code. */
export async function run(program: ProgramName): Promise<void> {
  const terminal = systemTerminal();
  guardOutput(terminal, () => {
    process.exitCode = 1;
  });
  const exitCode = await main(program, process.argv.slice(2), terminal);
  // Not process.exit(), which cuts off what a pipe has not taken yet; and a failure noted meanwhile stays one.
  process.exitCode ||= exitCode;
}

/** Runs a program on a terminal, and says with which code to exit. */
export async function main(
  program: ProgramName,
  argv: readonly string[],
  terminal: Terminal,
): Promise<ExitCode> {
  const parsed = parseArguments(program, argv, terminal);
  if ('exitCode' in parsed) return parsed.exitCode;
  // Loaded when needed, so that --help and --version are instant; the command's own code likewise.
  const { execute } = await import('./execute.js');
  return execute(parsed.invocation, terminal);
}
