import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { StaticFilesError, systemErrorCode } from '../../errors.js';

export interface RunOptions {
  /** What it reads from its standard input. */
  readonly input?: string;
  /** Called with what it prints. */
  onOutput?(chunk: Buffer): void;
  /** When aborted, rsync and what it has started are killed. */
  readonly signal: AbortSignal;
}

/** An rsync that ended with an error. */
export class RsyncFailure extends Error {
  override readonly name = 'RsyncFailure';
  /** See `man rsync`; `undefined` where a signal ended it. */
  readonly exitCode: number | undefined;
  /** What it said on its standard error, the end of it. */
  readonly stderr: string;

  constructor(exitCode: number | undefined, stderr: string) {
    super(`rsync ended with exit code ${exitCode}: ${stderr}`);
    this.exitCode = exitCode;
    this.stderr = stderr;
  }
}

/** What is kept of the standard error: its last line is at the end. */
const STDERR_LIMIT = 64 * 1024;

/** A child that does not end of itself when it is asked to. */
const KILL_AFTER_MS = 2000;

/**
 * Runs rsync to its end, without a shell.
 *
 * @throws StaticFilesError `settings` where there is no rsync
 * @throws RsyncFailure
 * @throws the signal's reason
 */
export async function runRsync(
  args: readonly string[],
  { input = '', onOutput, signal }: RunOptions,
): Promise<void> {
  signal.throwIfAborted();
  // In a session of its own it has no terminal to ask at, and ends together with the ssh that it has started.
  const child = spawn('rsync', args, { detached: true, stdio: 'pipe' });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr = (stderr + text).slice(-STDERR_LIMIT);
  });
  child.stdout.on('data', (chunk: Buffer) => onOutput?.(chunk));
  child.stdin.on('error', () => {}); // it has ended before it read all: its exit code tells why
  child.stdin.end(input);
  const exitCode = await exitOf(child, signal);
  signal.throwIfAborted();
  if (exitCode !== 0) throw new RsyncFailure(exitCode, stderr);
}

async function exitOf(child: ChildProcess, signal: AbortSignal): Promise<number | undefined> {
  let killing: NodeJS.Timeout | undefined;
  const stop = () => {
    killGroup(child, 'SIGTERM');
    killing = setTimeout(() => killGroup(child, 'SIGKILL'), KILL_AFTER_MS);
  };
  signal.addEventListener('abort', stop, { once: true });
  try {
    const [exitCode] = (await once(child, 'close')) as [number | null];
    return exitCode ?? undefined;
  } catch (error) {
    throw systemErrorCode(error) === 'ENOENT' ? isMissing(error) : error;
  } finally {
    clearTimeout(killing);
    signal.removeEventListener('abort', stop);
  }
}

function killGroup({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch (error) {
    if (systemErrorCode(error) !== 'ESRCH') throw error;
  }
}

function isMissing(cause: unknown): StaticFilesError {
  return new StaticFilesError(
    'settings',
    "The storage 'rsync' runs the program rsync, and there is none in PATH. Install it (apt install rsync, " +
      'dnf install rsync, apk add rsync, brew install rsync), also on the servers.',
    { cause },
  );
}
