import process from 'node:process';
import { type Command, CommanderError } from 'commander';
import type { Warning } from '../model/static-file.js';
import type { Settings } from '../settings/settings.js';
import { type CommonFlags, ownFlags, type Run } from './commands/command.js';
import { createProgram, type ProgramName } from './program.js';
import type { ProgressLine } from './progress.js';
import type { CommandName, Reporter, Verbosity } from './reporter.js';
import { listenForInterruption, orInterrupted } from './signals.js';
import {
  colorsFor,
  type ExitCode,
  exitCodeOf,
  guardOutput,
  type OutputStream,
  systemTerminal,
  type Terminal,
} from './terminal.js';

/** Runs a program of `bin/` with the arguments of this process, and sets its exit code. */
export async function run(program: ProgramName): Promise<void> {
  const terminal = await startedTerminal();
  guardOutput(terminal, () => {
    process.exitCode = 1;
  });
  const exitCode = await main(program, process.argv.slice(2), terminal);
  // process.exit() would cut off output that a pipe has not read yet. A failure of guardOutput stays one.
  process.exitCode ||= exitCode;
  terminal.worker?.leave();
}

/** Returns the terminal of this process, or its link to the process that started it as a worker. */
async function startedTerminal(): Promise<Terminal> {
  const role = process.connected ? process.env.STATICFILES_WORKER : undefined;
  if (role === undefined) return systemTerminal();
  const { workerTerminal } = await import('./serving/worker-terminal.js');
  return workerTerminal(role);
}

/** Runs a program on a terminal, and returns its exit code. */
export async function main(
  name: ProgramName,
  argv: readonly string[],
  terminal: Terminal,
): Promise<ExitCode> {
  let exitCode: ExitCode = 0;
  const program = createProgram(name, terminal, async (...started) => {
    exitCode = await execute(terminal, ...started);
  });
  try {
    await program.parseAsync(argv, { from: 'user' });
    return exitCode;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    // Commander's own code for wrong usage is 1.
    return error.exitCode === 0 ? 0 : 2;
  }
}

/** Runs a command: loads the settings, reports a failure, and returns the exit code. */
export async function execute<Flags>(
  terminal: Terminal,
  name: CommandName,
  command: Command,
  runCommand: Run<Flags>,
): Promise<ExitCode> {
  const common = command.opts<CommonFlags>();
  const verbosity = common.quiet ? 0 : common.verbosity;
  const interruption = listenForInterruption(terminal.signals);
  const { signal } = interruption;
  const reporter = await createReporter(terminal, { name, json: common.json, verbosity });
  let settings: Settings | undefined;
  try {
    settings = await load(name, common, terminal, signal);
    reporter.warned(settings.warnings);
    const context = { settings, reporter, terminal, signal, verbosity, interactive: common.input };
    return await runCommand(context, ownFlags<Flags>(common), command.args);
  } catch (error) {
    reporter.failed(error);
    return exitCodeOf(error, interruption.stoppedBy());
  } finally {
    if (settings) await close(settings).catch((error) => reporter.warned([leftOpen(error)]));
    interruption.stopListening();
  }
}

async function load(
  command: CommandName,
  { settings: file, staticRoot, staticUrl, cacheDir, release }: CommonFlags,
  { cwd, env }: Terminal,
  signal: AbortSignal,
): Promise<Settings> {
  const { loadSettings } = await import('../settings/load.js');
  const loading = loadSettings({
    command,
    cwd,
    env,
    file,
    overrides: { staticRoot, staticUrl, cacheDir, release },
  });
  return orInterrupted(loading, signal).catch((error) => {
    // Loading goes on after an interruption, and may still open what keeps the process alive.
    void loading.then(close).catch(() => {});
    throw error;
  });
}

async function close(settings: Settings): Promise<void> {
  const { closeStorages } = await import('../settings/close-storages.js');
  await closeStorages(settings);
}

/** A warning, because the work of the command is done or its failure is reported already. */
function leftOpen(error: unknown): Warning {
  return { code: 'close', message: error instanceof Error ? error.message : String(error) };
}

/** Returns the reporter that the options ask for, and loads no other one. */
async function createReporter(
  terminal: Terminal,
  { name, json, verbosity }: { name: CommandName; json: boolean | undefined; verbosity: Verbosity },
): Promise<Reporter> {
  const { stdout, stderr, env, worker } = terminal;
  if (worker) return worker.reporter;
  if (json) {
    const { createJsonReporter } = await import('./reporters/json.js');
    return createJsonReporter(name, { stdout, stderr });
  }
  const { createHumanReporter } = await import('./reporters/human.js');
  const progress = await progressLine(stderr, verbosity);
  const colors = colorsFor(stderr, env);
  return createHumanReporter({ stdout, stderr, colors, progress, verbosity, cwd: () => terminal.cwd });
}

async function progressLine(stderr: OutputStream, verbosity: Verbosity): Promise<ProgressLine | undefined> {
  if (!stderr.isTTY || verbosity === 0) return undefined;
  const [{ isCI }, { createProgressLine }] = await Promise.all([import('ci-info'), import('./progress.js')]);
  return isCI ? undefined : createProgressLine(stderr);
}
