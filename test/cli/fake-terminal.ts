import { EventEmitter } from 'node:events';
import { PassThrough, Writable } from 'node:stream';
import type { ExitCode, OutputStream, StopSignal, Terminal } from '../../src/cli/terminal.js';

/** A stream that records its text. */
export class Recorder extends Writable implements OutputStream {
  text = '';
  readonly isTTY: boolean;
  readonly columns: number;

  constructor({ isTTY = false, columns = 80 } = {}) {
    super({ decodeStrings: false });
    this.isTTY = isTTY;
    this.columns = columns;
  }

  override _write(chunk: string | Buffer, _encoding: string, done: () => void): void {
    this.text += chunk.toString();
    done();
  }
}

/** Signals sent by a test. */
export class FakeSignals extends EventEmitter {
  readonly exits: ExitCode[] = [];

  exit(code: ExitCode): void {
    this.exits.push(code);
  }

  send(signal: StopSignal): void {
    this.emit(signal, signal);
  }
}

export interface FakeTerminal extends Terminal {
  readonly stdin: PassThrough & { isTTY: boolean };
  readonly stdout: Recorder;
  readonly stderr: Recorder;
  readonly signals: FakeSignals;
}

/** Returns a terminal whose input the test writes and whose outputs it reads. */
export function fakeTerminal({
  isTTY = false,
  env = {},
  cwd = '/project',
}: {
  isTTY?: boolean;
  env?: Terminal['env'];
  cwd?: string;
} = {}): FakeTerminal {
  return {
    stdin: Object.assign(new PassThrough(), { isTTY }),
    stdout: new Recorder(),
    stderr: new Recorder(),
    env,
    cwd,
    signals: new FakeSignals(),
  };
}
