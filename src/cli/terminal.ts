import process from 'node:process';
import type { Readable, Writable } from 'node:stream';
import pc from 'picocolors';
import { describeSystemError, StaticFilesError, systemErrorCode } from '../errors.js';
import { printable } from '../text/printable.js';
import type { WorkerLink } from './serving/worker-terminal.js';

interface InputStream extends Readable {
  readonly isTTY?: boolean;
}

export interface OutputStream extends Writable {
  readonly isTTY?: boolean;
  /** Width of a terminal, in characters. */
  readonly columns?: number;
}

/** The process's signals, and its exit. */
export interface SignalSource {
  on<S extends StopSignal | 'SIGHUP'>(signal: S, listener: (signal: S) => void): unknown;
  off<S extends StopSignal | 'SIGHUP'>(signal: S, listener: (signal: S) => void): unknown;
  exit(code: ExitCode): void;
}

/** The parts of the process that a command uses. */
export interface Terminal {
  readonly stdin: InputStream;
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly signals: SignalSource;
  /** The process that started this one, if this is a worker of `staticfiles serve`. */
  readonly worker?: WorkerLink;
}

/**
 * Returns the terminal of this process.
 *
 * @param own parts that replace those of the process
 */
export function systemTerminal(own: Partial<Pick<Terminal, 'signals' | 'worker'>> = {}): Terminal {
  return {
    // A getter, because reading process.stdin opens it.
    get stdin() {
      return process.stdin;
    },
    stdout: process.stdout,
    stderr: process.stderr,
    env: process.env,
    // A getter, because --help must work in a folder that was deleted.
    get cwd() {
      try {
        return process.cwd();
      } catch (cause) {
        throw new StaticFilesError('source', 'The current folder does not exist any more.', { cause });
      }
    },
    signals: process as SignalSource,
    ...own,
  };
}

/** 0 done, 1 failed, 2 wrong usage, 130 and 143 interrupted. */
export type ExitCode = 0 | 1 | 2 | 130 | 143;

/** 128 plus the signal's number, as in shells. */
export const SIGNAL_EXIT_CODES = { SIGINT: 130, SIGTERM: 143 } as const;

/** A signal that asks the command to stop. */
export type StopSignal = keyof typeof SIGNAL_EXIT_CODES;

/**
 * Returns the exit code for an error.
 *
 * @param stoppedBy the signal that came, if any. It counts as the cause of the error.
 */
export function exitCodeOf(error: unknown, stoppedBy?: StopSignal): ExitCode {
  if (stoppedBy !== undefined) return SIGNAL_EXIT_CODES[stoppedBy];
  if (!(error instanceof StaticFilesError)) return 1;
  // Ctrl-C at a prompt is a key, not a signal.
  if (error.code === 'interrupted') return SIGNAL_EXIT_CODES.SIGINT;
  return error.code === 'usage' ? 2 : 1;
}

/**
 * Lets a run finish without an error if nobody reads its output any more (`| head`). Reports any other failure to write,
 * such as a full disk behind `> log`, and calls `failed`, both once.
 */
export function guardOutput(
  { stdout, stderr }: Pick<Terminal, 'stdout' | 'stderr'>,
  failed: () => void,
): void {
  let reported = false;
  stdout.on('error', (error) => {
    if (reported || systemErrorCode(error) === 'EPIPE') return;
    reported = true;
    stderr.write(`Cannot write to standard output: ${printable(describeSystemError(error))}.\n`);
    failed();
  });
  // A failure to write standard error cannot be reported anywhere.
  stderr.on('error', () => {});
}

export type Colors = Pick<ReturnType<typeof pc.createColors>, 'red' | 'yellow'>;

/**
 * Returns the colours for a stream: on a terminal only, unless `FORCE_COLOR` is set (and neither `0` nor `false`).
 * `NO_COLOR` always wins.
 *
 * @see https://no-color.org and https://force-color.org
 */
export function colorsFor(stream: OutputStream, env: Terminal['env']): Colors {
  // picocolors' own guess colours pipes if CI is set.
  return pc.createColors(wantsColors(stream, env));
}

function wantsColors(stream: OutputStream, env: Terminal['env']): boolean {
  const { NO_COLOR, FORCE_COLOR, TERM } = env;
  if (NO_COLOR) return false;
  if (FORCE_COLOR) return FORCE_COLOR !== '0' && FORCE_COLOR !== 'false';
  return stream.isTTY === true && TERM !== 'dumb';
}
