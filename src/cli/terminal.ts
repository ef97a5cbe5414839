import process from 'node:process';
import type { Readable, Writable } from 'node:stream';
import type { ExitCode, StopSignal } from './exit-code.js';

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
