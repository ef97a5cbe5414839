import process from 'node:process';
import type { Readable, Writable } from 'node:stream';
import pc from 'picocolors';
import { describeSystemError, StaticFilesError, systemErrorCode } from '../errors.js';
import { printable } from '../text/printable.js';

export interface InputStream extends Readable {
  readonly isTTY?: boolean;
}

export interface OutputStream extends Writable {
  readonly isTTY?: boolean;
  /** Width, on a terminal. */
  readonly columns?: number;
}

/** Where signals come from, and the way out for the second one. */
export interface SignalSource {
  on<S extends StopSignal | 'SIGHUP'>(signal: S, listener: (signal: S) => void): unknown;
  off<S extends StopSignal | 'SIGHUP'>(signal: S, listener: (signal: S) => void): unknown;
  exit(code: ExitCode): void;
}

/** Everything of the process that a command touches; a test brings its own. */
export interface Terminal {
  readonly stdin: InputStream;
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly signals: SignalSource;
}

/** The terminal of this process. */
export function systemTerminal(): Terminal {
  return {
    // A getter, because the mere look at process.stdin opens it.
    get stdin() {
      return process.stdin;
    },
    stdout: process.stdout,
    stderr: process.stderr,
    env: process.env,
    // A getter, because a deleted current directory throws, which is none of --help's business.
    get cwd() {
      return process.cwd();
    },
    signals: process as SignalSource,
  };
}

/** What the shell is told: 0 done, 1 failed, 2 wrong usage, 130 and 143 interrupted. */
export type ExitCode = 0 | 1 | 2 | 130 | 143;

/** 128 and the signal's number, as shells have it. */
export const SIGNAL_EXIT_CODES = { SIGINT: 130, SIGTERM: 143 } as const;

/** A signal that asks the command to stop. */
export type StopSignal = keyof typeof SIGNAL_EXIT_CODES;

/**
 * The exit code that an error stands for.
 *
 * @param stoppedBy the signal that came, if any: an error after it is taken for its consequence.
 */
export function exitCodeOf(error: unknown, stoppedBy?: StopSignal): ExitCode {
  if (stoppedBy !== undefined) return SIGNAL_EXIT_CODES[stoppedBy];
  if (!(error instanceof StaticFilesError)) return 1;
  // Ctrl-C at the prompt: a key, which never becomes a signal.
  if (error.code === 'interrupted') return SIGNAL_EXIT_CODES.SIGINT;
  return error.code === 'usage' ? 2 : 1;
}

/**
 * Lets a run go on when nobody reads its output any more (`| head`): it is finished, and no error.
 * Any other failure to write, such as a full disk behind `> log`, is told to `failed`, once.
 */
export function guardOutput(
  { stdout, stderr }: Pick<Terminal, 'stdout' | 'stderr'>,
  failed: () => void,
): void {
  let told = false;
  stdout.on('error', (error) => {
    if (told || systemErrorCode(error) === 'EPIPE') return;
    told = true;
    stderr.write(`Cannot write to standard output: ${printable(describeSystemError(error))}.\n`);
    failed();
  });
  // There is no place left to say that standard error cannot be written.
  stderr.on('error', () => {});
}

export type Colors = Pick<ReturnType<typeof pc.createColors>, 'red' | 'yellow'>;

/**
 * The colours for a stream: none where it is no terminal, whatever runs there. `NO_COLOR` takes them away,
 * `FORCE_COLOR` (not `0` or `false`) brings them; `NO_COLOR` wins.
 *
 * @see https://no-color.org and https://force-color.org
 */
export function colorsFor(stream: OutputStream, env: Terminal['env']): Colors {
  // picocolors' own guess is not used: it colours pipes wherever CI is set.
  return pc.createColors(wantsColors(stream, env));
}

function wantsColors(stream: OutputStream, env: Terminal['env']): boolean {
  const { NO_COLOR, FORCE_COLOR, TERM } = env;
  if (NO_COLOR) return false;
  if (FORCE_COLOR) return FORCE_COLOR !== '0' && FORCE_COLOR !== 'false';
  return stream.isTTY === true && TERM !== 'dumb';
}
