import { describe, expect, it } from 'vitest';
import { listenForInterruption, orInterrupted } from '../../src/cli/signals.js';
import { FakeSignals } from './fake-terminal.js';

describe('listenForInterruption', () => {
  it('aborts at the first signal', () => {
    const signals = new FakeSignals();
    const interruption = listenForInterruption(signals);
    expect(interruption.stoppedBy()).toBeUndefined();
    signals.send('SIGINT');
    expect(interruption.signal.reason).toMatchObject({
      code: 'interrupted',
      message: 'Interrupted.',
    });
    expect(interruption.stoppedBy()).toBe('SIGINT');
    expect(signals.exits).toEqual([]);
  });

  it('exits at the second', () => {
    const signals = new FakeSignals();
    const interruption = listenForInterruption(signals);
    signals.send('SIGINT');
    signals.send('SIGTERM');
    expect(signals.exits).toEqual([143]);
    expect(interruption.stoppedBy()).toBe('SIGINT');
  });
});

describe('orInterrupted', () => {
  it('returns the result of the work', async () => {
    expect(await orInterrupted(Promise.resolve('done'), new AbortController().signal)).toBe('done');
  });

  it('does not wait for the work after a signal', async () => {
    const controller = new AbortController();
    const result = orInterrupted(new Promise(() => {}), controller.signal);
    controller.abort(new Error('stop'));
    await expect(result).rejects.toThrow('stop');
  });

  it('rejects if the signal came before the work', async () => {
    const waiting = orInterrupted(new Promise(() => {}), AbortSignal.abort(new Error('stop')));
    await expect(waiting).rejects.toThrow('stop');
  });
});
