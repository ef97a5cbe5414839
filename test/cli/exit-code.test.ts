import { describe, expect, it } from 'vitest';
import { execute } from '../../src/cli/main.js';
import { type Parsed, parseArguments } from '../../src/cli/program.js';
import { exitCodeOf } from '../../src/cli/terminal.js';
import { type ErrorCode, StaticFilesError } from '../../src/errors.js';
import { fakeTerminal } from './fake-terminal.js';

describe('exitCodeOf', () => {
  it.each<[ErrorCode, number]>([
    ['settings', 1],
    ['source', 1],
    ['conflict', 1],
    ['target', 1],
    ['locked', 1],
    ['cancelled', 1],
    ['plugin', 1],
    ['usage', 2],
    ['interrupted', 130],
  ])('%s is %d', (code, exitCode) => {
    expect(exitCodeOf(new StaticFilesError(code, 'x'))).toBe(exitCode);
  });

  it('is 1 for a defect', () => {
    expect(exitCodeOf(new TypeError('x'))).toBe(1);
  });

  it('is the signal’s own after a signal, whatever failed because of it', () => {
    expect(exitCodeOf(new StaticFilesError('interrupted', 'x'), 'SIGTERM')).toBe(143);
    expect(exitCodeOf(new Error('x'), 'SIGINT')).toBe(130);
  });
});

describe('execute', () => {
  const invocation = invocationOf(parseArguments('collectstatic', [], fakeTerminal()));

  it('gives the command’s own code', async () => {
    expect(await execute(invocation, fakeTerminal(), async () => 1)).toBe(1);
  });

  it('tells of a failure and gives its code', async () => {
    const terminal = fakeTerminal();
    const failing = async () => {
      throw new StaticFilesError('settings', 'The settings are wrong.');
    };
    expect(await execute(invocation, terminal, failing)).toBe(1);
    expect(terminal.stderr.text).toBe('The settings are wrong.\n');
  });

  it('gives the code of the signal that stopped the command, and lets go of the signals', async () => {
    const terminal = fakeTerminal();
    const waiting = (_: unknown, { signal }: { signal: AbortSignal }) =>
      new Promise<never>((_resolve, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason));
        terminal.signals.send('SIGTERM');
      });
    expect(await execute(invocation, terminal, waiting)).toBe(143);
    expect(terminal.stderr.text).toBe('Interrupted.\n');
    expect(terminal.signals.eventNames()).toEqual([]);
  });
});

function invocationOf(parsed: Parsed) {
  if ('exitCode' in parsed) throw new Error('not understood');
  return parsed.invocation;
}
