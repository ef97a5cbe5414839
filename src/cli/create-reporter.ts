import { colorsFor } from './colors.js';
import type { Invocation } from './invocation.js';
import { noProgressLine, type ProgressLine } from './progress-line.js';
import type { Reporter } from './reporter.js';
import type { Terminal } from './terminal.js';

/** The reporter that an invocation asks for. */
export async function createReporter(invocation: Invocation, terminal: Terminal): Promise<Reporter> {
  if (invocation.flags.json) {
    const { createJsonReporter } = await import('./json-reporter.js');
    return createJsonReporter(invocation.command, terminal);
  }
  const { createHumanReporter } = await import('./human-reporter.js');
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
  const [{ isCI }, { createProgressLine }] = await Promise.all([
    import('ci-info'),
    import('./progress-line.js'),
  ]);
  return isCI ? noProgressLine : createProgressLine(stderr);
}
