import { describe, expect, it, vi } from 'vitest';
import { colorsFor, exitCodeOf, guardOutput } from '../../src/cli/terminal.js';
import { type ErrorCode, StaticFilesError } from '../../src/errors.js';
import { fakeTerminal, Recorder } from './fake-terminal.js';

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

  it('is the code of the signal after a signal, whatever failed then', () => {
    expect(exitCodeOf(new StaticFilesError('interrupted', 'x'), 'SIGTERM')).toBe(143);
    expect(exitCodeOf(new Error('x'), 'SIGINT')).toBe(130);
  });
});

function systemError(code: string): Error {
  return Object.assign(new Error(code), { code });
}

describe('guardOutput', () => {
  it('does not fail if a pipe is closed', () => {
    const terminal = fakeTerminal();
    const failed = vi.fn();
    guardOutput(terminal, failed);
    terminal.stdout.emit('error', systemError('EPIPE'));
    terminal.stderr.emit('error', systemError('EPIPE'));
    expect(failed).not.toHaveBeenCalled();
    expect(terminal.stderr.text).toBe('');
  });

  it('reports once that output cannot be written', () => {
    const terminal = fakeTerminal();
    const failed = vi.fn();
    guardOutput(terminal, failed);
    terminal.stdout.emit('error', systemError('ENOSPC'));
    terminal.stdout.emit('error', systemError('ENOSPC'));
    expect(failed).toHaveBeenCalledOnce();
    expect(terminal.stderr.text).toBe('Cannot write to standard output: no space left on the device.\n');
  });
});

describe('colorsFor', () => {
  it.each<[what: string, isTTY: boolean, env: Record<string, string>, colored: boolean]>([
    ['a terminal', true, { TERM: 'xterm' }, true],
    ['a pipe', false, {}, false],
    ['a pipe in CI', false, { CI: 'true' }, false],
    ['a dumb terminal', true, { TERM: 'dumb' }, false],
    ['NO_COLOR', true, { NO_COLOR: '1' }, false],
    ['an empty NO_COLOR', true, { NO_COLOR: '' }, true],
    ['FORCE_COLOR on a pipe', false, { FORCE_COLOR: '1' }, true],
    ['FORCE_COLOR=0', true, { FORCE_COLOR: '0' }, false],
    ['NO_COLOR with FORCE_COLOR', true, { NO_COLOR: '1', FORCE_COLOR: '1' }, false],
  ])('%s', (_, isTTY, env, colored) => {
    const text = colorsFor(new Recorder({ isTTY }), env).red('x');
    expect(text).toBe(colored ? '\u001b[31mx\u001b[39m' : 'x');
  });
});
