import { describe, expect, it, vi } from 'vitest';
import { guardOutput } from '../../src/cli/terminal.js';
import { fakeTerminal } from './fake-terminal.js';

function systemError(code: string): Error {
  return Object.assign(new Error(code), { code });
}

describe('guardOutput', () => {
  it('takes a closed pipe for no failure', () => {
    const terminal = fakeTerminal();
    const failed = vi.fn();
    guardOutput(terminal, failed);
    terminal.stdout.emit('error', systemError('EPIPE'));
    terminal.stderr.emit('error', systemError('EPIPE'));
    expect(failed).not.toHaveBeenCalled();
    expect(terminal.stderr.text).toBe('');
  });

  it('tells once of output that cannot be written', () => {
    const terminal = fakeTerminal();
    const failed = vi.fn();
    guardOutput(terminal, failed);
    terminal.stdout.emit('error', systemError('ENOSPC'));
    terminal.stdout.emit('error', systemError('ENOSPC'));
    expect(failed).toHaveBeenCalledOnce();
    expect(terminal.stderr.text).toBe('Cannot write to standard output: no space left on the device.\n');
  });
});
