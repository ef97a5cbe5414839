import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it, vi } from 'vitest';
import { createChanges } from '../../src/watch/changes.js';

const { signal } = new AbortController();

describe('a group of changes', () => {
  it('ends after a pause, and gives the time of its first change', async () => {
    const changes = createChanges();
    const before = performance.now();
    changes.note('a', 'other');
    await pause(5);
    changes.note('a', 'other');
    const last = performance.now();
    const since = await changes.next(signal);
    expect(since).toBeGreaterThanOrEqual(before);
    expect(since).toBeLessThan(last);
    expect(performance.now() - last).toBeGreaterThanOrEqual(14);
  });

  it('ends sooner if it is the edit of one file, in one step or several', async () => {
    const restAfter = async (...files: string[]) => {
      const changes = createChanges();
      const start = performance.now();
      for (const file of files) changes.note(file, 'edit');
      await changes.next(signal);
      return performance.now() - start;
    };
    for (const files of [
      ['a', 'b'],
      ['a', 'b', 'a'],
    ])
      expect(await restAfter(...files)).toBeGreaterThanOrEqual(14);
    // A busy machine may take longer, but not every time.
    await vi.waitFor(async () => expect(await restAfter('a', 'a')).toBeLessThan(14), 10_000);
  });

  it('ends later if a file is gone, also if another change follows', async () => {
    const changes = createChanges();
    changes.note('a', 'loss');
    changes.note('a', 'other');
    const start = performance.now();
    await changes.next(signal);
    expect(performance.now() - start).toBeGreaterThanOrEqual(78);
  });

  it('ends without a pause too', async () => {
    const changes = createChanges();
    changes.note('a', 'other');
    const timer = setInterval(() => changes.note('a', 'loss'), 5);
    const start = performance.now();
    await changes.next(signal);
    clearInterval(timer);
    expect(performance.now() - start).toBeGreaterThanOrEqual(390);
  });

  it('is waited for', async () => {
    const changes = createChanges();
    const next = changes.next(signal);
    expect(changes.pending()).toBe(false);
    const before = performance.now();
    changes.note('a', 'other');
    expect(changes.pending()).toBe(true);
    expect(await next).toBeGreaterThanOrEqual(before);
    expect(changes.pending()).toBe(false);
  });
});

describe('an abort', () => {
  it('ends the wait for changes', async () => {
    const stop = new AbortController();
    const next = createChanges().next(stop.signal);
    stop.abort(new Error('stopped'));
    await expect(next).rejects.toThrow('stopped');
    await expect(createChanges().next(stop.signal)).rejects.toThrow('stopped');
  });

  it('ends the wait for the pause, and the changes stay', async () => {
    const stop = new AbortController();
    const changes = createChanges();
    changes.note('a', 'loss');
    const next = changes.next(stop.signal);
    stop.abort();
    await expect(next).rejects.toMatchObject({ name: 'AbortError' });
    expect(changes.pending()).toBe(true);
  });
});
