import { expect, it, onTestFinished, vi } from 'vitest';
import { runInSlices } from '../../src/concurrency/time-slice.js';

const signal = new AbortController().signal;

/** Counts up to a number, and notes when it is told to end. */
function* counting(count: number, ended: string[] = []): Generator<void, number> {
  try {
    for (let step = 0; step < count; step++) yield;
    return count;
  } finally {
    ended.push('ended');
  }
}

/** Every look at the clock finds the slice of time used up. */
function hurry(): void {
  let now = 0;
  const clock = vi.spyOn(performance, 'now').mockImplementation(() => (now += 1000));
  onTestFinished(() => clock.mockRestore());
}

it('steps are taken to their end, and their result is returned', async () => {
  expect(await runInSlices(counting(1000), signal)).toBe(1000);
});

it('the event loop gets its turn when a slice is used up, and progress is reported before it', async () => {
  hurry();
  const events: string[] = [];
  setImmediate(() => events.push('turn'));
  await runInSlices(counting(2), signal, () => events.push('progress'));
  expect(events).toEqual(['progress', 'turn', 'progress']);
});

it('an abort ends the steps, which close what they hold', async () => {
  hurry();
  const interrupt = new AbortController();
  const ended: string[] = [];
  const running = runInSlices(counting(1000, ended), interrupt.signal, () =>
    interrupt.abort(new Error('stop')),
  );
  await expect(running).rejects.toThrow('stop');
  expect(ended).toEqual(['ended']);
});

it('what a step throws is passed on', async () => {
  function* failing(): Generator<void, void> {
    yield;
    throw new Error('a step failed');
  }
  await expect(runInSlices(failing(), signal)).rejects.toThrow('a step failed');
});
