import { setTimeout } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { runAll } from '../../src/concurrency/run-all.js';

const { signal } = new AbortController();

const items = Array.from({ length: 20 }, (_, index) => index);

it('the results are in the order of the items', async () => {
  const task = async (item: number) => {
    await setTimeout(item % 3);
    return item * 2;
  };
  expect(await runAll(items, { limit: 3, signal }, task)).toEqual(items.map((item) => item * 2));
  expect(await runAll([], { signal }, task)).toEqual([]);
});

it.each([
  [3, 3],
  [undefined, 20],
])('with the limit %s, %d tasks run at a time', async (limit, expected) => {
  let running = 0;
  let most = 0;
  await runAll(items, { ...(limit !== undefined && { limit }), signal }, async () => {
    most = Math.max(most, ++running);
    await setTimeout(1);
    running--;
  });
  expect(most).toBe(expected);
});

it('the first failure starts no more tasks, aborts the others, and is thrown once these have ended', async () => {
  const started: number[] = [];
  const ended: number[] = [];
  const failure = new Error('task 1 failed');
  const all = runAll(items, { limit: 3, signal }, async (item, either) => {
    started.push(item);
    if (item === 1) throw failure;
    await setTimeout(10_000, undefined, { signal: either }).catch(() => {});
    ended.push(item);
    throw new Error('a later failure');
  });
  await expect(all).rejects.toBe(failure);
  expect([started, ended]).toEqual([
    [0, 1, 2],
    [0, 2],
  ]);
});

it('an aborted signal starts no more tasks, and its reason is thrown', async () => {
  const controller = new AbortController();
  const reason = new Error('stop');
  const started: number[] = [];
  const all = runAll(items, { limit: 2, signal: controller.signal }, async (item) => {
    started.push(item);
    if (item === 3) controller.abort(reason);
    await setTimeout(1);
  });
  await expect(all).rejects.toBe(reason);
  expect(started).toEqual([0, 1, 2, 3]);
});
