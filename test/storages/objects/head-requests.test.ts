import { setImmediate } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { HEAD_NAME } from '../../../src/storages/destination.js';
import { type Head, headBytes, parseHead } from '../../../src/storages/objects/head-object.js';
import { lookAtHead, putHead } from '../../../src/storages/objects/head-requests.js';
import type { ObjectDestination } from '../../../src/storages/objects/object-destination.js';
import { ConditionFailed, type ObjectStore } from '../../../src/storages/objects/object-store.js';
import { leapingClock } from '../../support/leaping-clock.js';
import { type MemoryStore, memoryStore } from '../../support/memory-store.js';
import { bodyOf, putOptions, SIGNAL } from '../../support/objects.js';

const HEAD: Head = {
  ...{ run: 'r', seq: 1, state: 'held', index: null, published: null },
  ...{ lost: null, going: null, conditional: true },
};
const ABSENT = { condition: { absent: true }, signal: SIGNAL } as const;

/** What happens to a request whose answer does not come. */
type Loss = 'before it arrives' | 'after it arrives';

/** A destination whose first requests for the head get no answer. */
function destination(store: MemoryStore, silent: number, loss: Loss = 'before it arrives') {
  const signals: AbortSignal[] = [];
  const maybe = async <T>(signal: AbortSignal, make: () => Promise<T>): Promise<T> => {
    signals.push(signal);
    if (signals.length > silent) return make();
    if (loss === 'after it arrives') await make();
    return new Promise<T>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
  };
  const losing: ObjectStore = {
    ...store,
    read: (key, signal) => maybe(signal, () => store.read(key, signal)),
    put: (key, body, options) => maybe(options.signal, () => store.put(key, body, options)),
  };
  const clock = leapingClock();
  const at = { store: losing, prefix: '', name: 'memory://', indexed: true, conditional: true };
  const where: ObjectDestination = { ...at, clock, endedRuns: new Set(), warn() {} };
  return { where, clock, signals };
}

it('a read of the head that is not answered for 4 s is made again, and in the end aborted', async () => {
  const store = memoryStore();
  await store.put(HEAD_NAME, bodyOf(headBytes(HEAD)), putOptions());
  const { where, clock, signals } = destination(store, 3);
  const looking = lookAtHead(where, SIGNAL);
  for (const [milliseconds, requests] of [
    [3999, 1],
    [1, 2],
    [4000, 3],
    [4000, 4],
  ] as const) {
    await clock.wait(milliseconds, SIGNAL);
    expect(signals).toHaveLength(requests);
  }
  expect((await looking).head).toEqual(HEAD);
  expect(signals.map(({ aborted }) => aborted)).toEqual([true, true, true, true]);
});

it('there are no more than four requests for one answer', async () => {
  const { where, clock, signals } = destination(memoryStore(), 9);
  const stop = new AbortController();
  const looking = lookAtHead(where, stop.signal);
  for (let wait = 0; wait < 9; wait++) await clock.wait(4000, SIGNAL);
  expect(signals).toHaveLength(4);
  stop.abort(new Error('enough'));
  await expect(looking).rejects.toThrow('enough');
});

it('the answer to an earlier request counts if it comes first', async () => {
  const store = memoryStore();
  let requests = 0;
  let answerFirst = () => {};
  const first = new Promise<void>((resolve) => {
    answerFirst = resolve;
  });
  const slow: ObjectStore = {
    ...store,
    async put(key, body, options) {
      requests += 1;
      await (requests === 1 ? first : new Promise(() => {}));
      return store.put(key, body, options);
    },
  };
  const { where, clock } = destination(store, 0);
  const putting = putHead({ ...where, store: slow }, HEAD, ABSENT);
  await clock.wait(4000, SIGNAL);
  expect(requests).toBe(2);
  answerFirst();
  expect(await putting).toBe((await store.read(HEAD_NAME, SIGNAL))!.version);
});

it.each<Loss>(['before it arrives', 'after it arrives'])(
  'a write that is lost %s is made again',
  async (loss) => {
    const store = memoryStore();
    const { where, clock } = destination(store, 1, loss);
    const putting = putHead(where, HEAD, ABSENT);
    await setImmediate();
    await clock.wait(4000, SIGNAL);
    const { version, bytes } = (await store.read(HEAD_NAME, SIGNAL))!;
    expect(await putting).toBe(version);
    expect(parseHead(bytes)).toEqual(HEAD);
  },
);

it('a write that is made again does not take the head of another run for its own', async () => {
  const store = memoryStore();
  const { where, clock } = destination(store, 1);
  const putting = putHead(where, HEAD, ABSENT);
  const other = { ...HEAD, run: 'other' };
  await store.put(HEAD_NAME, bodyOf(headBytes(other)), putOptions());
  const failing = expect(putting).rejects.toBeInstanceOf(ConditionFailed);
  await clock.wait(4000, SIGNAL);
  await failing;
});
