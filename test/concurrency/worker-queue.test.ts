import { pathToFileURL } from 'node:url';
import { expect, it, onTestFinished, vi } from 'vitest';
import {
  createSharedQueue,
  type SharedQueue,
  stopQueue,
  takeItems,
  workOff,
} from '../../src/concurrency/worker-queue.js';
import { newProject } from '../support/project.js';

const project = newProject({
  'fails.mjs': 'throw new Error("the other thread failed");',
  'posts.mjs':
    'import { parentPort, workerData } from "node:worker_threads"; parentPort.postMessage(workerData * 2);',
});

const signal = new AbortController().signal;

const worker = (name: string, data: unknown) => ({
  module: pathToFileURL(project.path(name)),
  data: () => data,
});

function* collect(queue: SharedQueue): Generator<void, number[]> {
  const items: number[] = [];
  for (const item of takeItems(queue)) {
    items.push(item);
    yield;
  }
  return items;
}

it('each item goes to one of two threads', () => {
  const queue = createSharedQueue(1000);
  const [one, other] = [takeItems(queue), takeItems(queue)];
  const taken: number[] = [];
  for (let step = 0; step < 1000; step++) taken.push((step % 3 === 0 ? one : other).next().value ?? -1);
  expect(new Set([...taken, ...one, ...other]).size).toBe(1000 + (taken.includes(-1) ? 1 : 0));
});

it('without a worker, this thread does all the work', async () => {
  const queue = createSharedQueue(100);
  const { own, other } = await workOff({ queue, share: collect(queue), worker: undefined, signal });
  expect([own, other]).toEqual([Array.from({ length: 100 }, (_, index) => index), undefined]);
});

it('the message of the other thread is returned', async () => {
  const queue = createSharedQueue(1);
  const work = { queue, share: collect(queue), worker: worker('posts.mjs', 21), signal };
  expect(await workOff(work)).toEqual({ own: [0], other: 42 });
});

it('the other thread starts when it is worth it', async () => {
  let now = 0;
  const clock = vi.spyOn(performance, 'now').mockImplementation(() => (now += 1000));
  onTestFinished(() => clock.mockRestore());
  const queue = createSharedQueue(128);
  const asked: number[] = [];
  const isWorthIt = (done: number) => {
    asked.push(done);
    return done >= 0.5;
  };
  const work = {
    ...{ queue, share: collect(queue), signal },
    worker: { ...worker('posts.mjs', 21), isWorthIt },
  };
  expect((await workOff(work)).other).toBe(42);
  expect([...new Set(asked)]).toEqual([0, 0.25, 0.5]);
});

it('the other thread does not start if it is never worth it', async () => {
  const queue = createSharedQueue(100);
  const lazy = { ...worker('fails.mjs', 0), isWorthIt: () => false };
  const { other } = await workOff({ queue, share: collect(queue), worker: lazy, signal });
  expect(other).toBeUndefined();
});

it('a failure of the other thread is thrown', async () => {
  const queue = createSharedQueue(1);
  const work = { queue, share: collect(queue), worker: worker('fails.mjs', 0), signal };
  await expect(workOff(work)).rejects.toThrow('the other thread failed');
});

it('a failure of this thread is thrown, even if the other one fails too', async () => {
  const queue = createSharedQueue(1);
  const share = (function* (): Generator<void, void> {
    yield;
    throw new Error('this thread failed');
  })();
  const work = { queue, share, worker: worker('fails.mjs', 0), signal };
  await expect(workOff(work)).rejects.toThrow('this thread failed');
});

it('a stopped queue gives out no more items', () => {
  const queue = createSharedQueue(1000);
  stopQueue(queue);
  expect([...takeItems(queue)]).toEqual([]);
});
