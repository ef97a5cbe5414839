import type { Warning } from '../static-file.js';
import type { CommandContext } from './commands/command-context.js';
import { createReporter } from './create-reporter.js';
import { type ExitCode, exitCodeOf } from './exit-code.js';
import { listenForInterruption } from './interruption.js';
import type { Invocation } from './invocation.js';
import type { Terminal } from './terminal.js';

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
