import process from 'node:process';
import type { Warning } from '../model/static-file.js';
import type { CommandContext } from './commands/command.js';
import { type ProgramName, parseArguments } from './program.js';
import { noProgressLine, type ProgressLine } from './progress.js';
import type { Invocation, Reporter } from './reporter.js';
import { listenForInterruption } from './signals.js';
import {
  colorsFor,
  type ExitCode,
  exitCodeOf,
  guardOutput,
  systemTerminal,
  type Terminal,
} from './terminal.js';

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
  const { execute } = await import('./main.js');
  return execute(parsed.invocation, terminal);
}

type RunCommand = (invocation: Invocation, context: CommandContext) => Promise<ExitCode>;

/** Runs a command, and tells of its failure, which becomes the exit code. */
export async function execute(
  invocation: Invocation,
  terminal: Terminal,
  runCommand: RunCommand = dispatch,
): Promise<ExitCode> {
  const interruption = listenForInterruption(terminal.signals);
  const reporter = await createReporter(invocation, terminal);
  const ending: (() => Promise<void>)[] = [];
  const atEnd = (step: () => Promise<void>) => void ending.push(step);
  try {
    return await runCommand(invocation, { reporter, terminal, signal: interruption.signal, atEnd });
  } catch (error) {
    reporter.failed(error);
    return exitCodeOf(error, interruption.stoppedBy());
  } finally {
    for (const step of ending) await step().catch((error) => reporter.warned([leftOpen(error)]));
    interruption.stopListening();
  }
}

/** What the command had to do is done, or its failure is reported already: this changes neither. */
function leftOpen(error: unknown): Warning {
  return { code: 'close', message: error instanceof Error ? error.message : String(error) };
}

async function dispatch(invocation: Invocation, context: CommandContext): Promise<ExitCode> {
  switch (invocation.command) {
    case 'collectstatic': {
      const { runCollectstatic } = await import('./commands/collectstatic.js');
      return runCollectstatic(invocation.flags, context);
    }
    case 'findstatic': {
      const { runFindstatic } = await import('./commands/findstatic.js');
      return runFindstatic(invocation, context);
    }
    case 'apply': {
      const { runApply } = await import('./commands/apply.js');
      return runApply(invocation, context);
    }
    case 'serve': {
      const { runServe } = await import('./commands/serve.js');
      return runServe(invocation.flags, context);
    }
    case 'releases': {
      const { runReleases } = await import('./commands/releases.js');
      return runReleases(invocation, context);
    }
    case 'prune': {
      const { runPrune } = await import('./commands/prune.js');
      return runPrune(invocation.flags, context);
    }
    case 'cache': {
      const { runCache } = await import('./commands/cache.js');
      return runCache(invocation.flags, context);
    }
  }
}

/** The reporter that an invocation asks for. */
export async function createReporter(invocation: Invocation, terminal: Terminal): Promise<Reporter> {
  if (invocation.flags.json) {
    const { createJsonReporter } = await import('./reporters/json.js');
    return createJsonReporter(invocation.command, terminal);
  }
  const { createHumanReporter } = await import('./reporters/human.js');
  return createHumanReporter({
    stdout: terminal.stdout,
    stderr: terminal.stderr,
    colors: colorsFor(terminal.stderr, terminal.env),
    progress: await progressFor(invocation, terminal),
    verbosity: invocation.flags.verbosity,
    ...(invocation.command === 'collectstatic' && { collect: invocation.flags }),
    ...(invocation.command === 'apply' && { collect: { ...invocation.flags, link: false } }),
  });
}

async function progressFor({ flags }: Invocation, { stderr }: Terminal): Promise<ProgressLine> {
  if (!stderr.isTTY || flags.verbosity === 0) return noProgressLine;
  const [{ isCI }, { createProgressLine }] = await Promise.all([import('ci-info'), import('./progress.js')]);
  return isCI ? noProgressLine : createProgressLine(stderr);
}
