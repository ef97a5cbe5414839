import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { CollectOptions } from '../../../src/collectstatic.js';
import { HEAD_NAME } from '../../../src/storages/destination.js';
import { parseHead } from '../../../src/storages/objects/head-object.js';
import { objectStorageBy } from '../../../src/storages/objects/object-storage.js';
import { ConditionFailed, type ObjectStore } from '../../../src/storages/objects/object-store.js';
import { leapingClock } from '../../support/leaping-clock.js';
import { type MemoryBehaviour, type MemoryStore, memoryStore } from '../../support/memory-store.js';
import { SIGNAL } from '../../support/objects.js';
import { deploy, prune } from './interleaving/runs.js';
import { wrongAt } from './interleaving/whole.js';

type Warning = { readonly code: string; readonly message: string };

const HOUR = 60 * 60_000;
const headIn = ({ objects }: MemoryStore) => parseHead(Buffer.from(objects.get(HEAD_NAME)!.text));

/** Changes the first call of a store that fits. */
function onceAt(
  store: MemoryStore,
  fits: (call: string) => boolean,
  instead: <T>(make: () => Promise<T>, signal: AbortSignal) => Promise<T>,
): ObjectStore {
  let isDone = false;
  const maybe = <T>(call: string, signal: AbortSignal, make: () => Promise<T>): Promise<T> => {
    if (isDone || !fits(call)) return make();
    isDone = true;
    return instead(make, signal);
  };
  return {
    ...store,
    put: (key, body, options) => maybe(`put ${key}`, options.signal, () => store.put(key, body, options)),
    remove: (keys, signal, versions) =>
      maybe(`remove ${keys.join(' ')}`, signal, () => store.remove(keys, signal, versions)),
  };
}

/** Runs a deploy, and returns its warnings and how long it waited by its clock. */
async function run(store: ObjectStore, clock = leapingClock(), options: CollectOptions = {}) {
  const warnings: Warning[] = [];
  const onWarning = (warning: Warning) => warnings.push(warning);
  const startedAt = clock.now();
  await deploy('white', 'v9', { ...options, onWarning })(store, clock);
  return { codes: warnings.map(({ code }) => code), warnings, took: clock.now() - startedAt };
}

const SERVICES: readonly (readonly [string, MemoryBehaviour])[] = [
  ['a version for each write', { version: 'write' }],
  ['a version for other bytes only', { version: 'bytes' }],
];

describe.each(SERVICES)('at a service with %s', (_, behaviour) => {
  it('a run that was paused for too long goes on at once if no other run was there', async () => {
    const store = memoryStore({ conditional: true }, behaviour);
    const clock = leapingClock();
    const paused = onceAt(
      store,
      (call) => call.startsWith('put app.'),
      async (make, signal) => {
        await clock.wait(25_000, SIGNAL);
        signal.throwIfAborted();
        return make();
      },
    );
    const { codes, warnings, took } = await run(paused, clock);
    expect(codes).toEqual(['resumed']);
    expect(warnings[0]!.message).toBe(
      "This run had lost its hold on 'memory://bucket/', because the process or the network paused. No other run has written there since, so it goes on.",
    );
    expect(took).toBe(25_000);
    expect(headIn(store)).toMatchObject({ state: 'free', lost: null, index: expect.any(String) });
    expect(wrongAt(store)).toEqual([]);
    // The next run trusts what this one has left, and deletes.
    await prune()(store, leapingClock());
  });

  it('a run knows a head that was stored although the service answered otherwise', async () => {
    const store = memoryStore({ conditional: true }, behaviour);
    const denying = onceAt(
      store,
      (call) => call === `put ${HEAD_NAME}`,
      async (make) => {
        await make();
        throw new ConditionFailed('It has another version now.');
      },
    );
    const { codes, took } = await run(denying);
    expect(codes).toEqual(['resumed']);
    expect(took).toBe(0);
    expect(headIn(store)).toMatchObject({ state: 'free', lost: null });
  });

  it('a run that was overtaken by another program, and could not give the head back, does not wait for itself', async () => {
    const store = memoryStore({ conditional: true }, behaviour);
    const overtaken = onceAt(
      store,
      (call) => call.startsWith('put logo.'),
      async () => {
        throw new ConditionFailed('It has another version now.');
      },
    );
    let heads = 0;
    const failing: ObjectStore = {
      ...overtaken,
      // The second write of the head is to give it back.
      put: (key, body, options) =>
        key === HEAD_NAME && ++heads === 2
          ? Promise.reject(new Error('503'))
          : overtaken.put(key, body, options),
    };
    const { codes, took } = await run(failing);
    expect(codes).toEqual(['resumed']);
    expect(took).toBe(0);
    expect(headIn(store)).toMatchObject({ state: 'free', lost: null });
  });

  it('a run that was paused while it was deleting deletes nothing more for an hour', async () => {
    const store = memoryStore({ conditional: true }, behaviour);
    for (const [index, colour] of ['red', 'green', 'black'].entries())
      await deploy(colour, `v${index}`)(store, leapingClock());
    const clock = leapingClock();
    const paused = onceAt(
      store,
      (call) => call.startsWith('remove '),
      async (make, signal) => {
        await clock.wait(25_000, SIGNAL);
        signal.throwIfAborted();
        return make();
      },
    );
    const { codes, warnings } = await run(paused, clock, { prune: { keep: 0, olderThan: 0 } });
    expect(codes).toEqual(expect.arrayContaining(['resumed', 'nothing-pruned']));
    expect(codes).not.toContain('waiting');
    expect(warnings.find(({ code }) => code === 'resumed')!.message).toContain(
      'nothing more is deleted there for an hour',
    );
    expect(headIn(store)).toMatchObject({ state: 'free', lost: expect.any(String) });
    expect(headIn(store).going!.length).toBeGreaterThan(0);
    expect(wrongAt(store)).toEqual([]);
    await prune()(store, leapingClock(Date.now() + HOUR + 60_000));
    expect(wrongAt(store)).toEqual([]);
  });

  it('a run that was paused, and given up by another one, waits for that one', async () => {
    const store = memoryStore({ conditional: true }, behaviour);
    const clock = leapingClock();
    const paused = onceAt(
      store,
      (call) => call.startsWith('put app.'),
      async (make, signal) => {
        // The other one takes over, and publishes while this one is still away.
        await deploy('red', 'v1')(store, leapingClock());
        await clock.wait(25_000, SIGNAL);
        signal.throwIfAborted();
        return make();
      },
    );
    const { codes } = await run(paused, clock);
    expect(codes).not.toContain('resumed');
    expect(headIn(store)).toMatchObject({ state: 'free', lost: expect.any(String) });
    expect(wrongAt(store)).toEqual([]);
  });
});

it('a run never takes the hold of another run of the same process', async () => {
  const storage = await objectStorageBy(leapingClock(), memoryStore({ conditional: true }));
  const warnings: string[] = [];
  const warn = ({ code }: Warning) => warnings.push(code);
  const first = await storage.lock!(SIGNAL);
  let isTaken = false;
  const taking = Promise.resolve(storage.lock!(SIGNAL, { warn })).then((lock) => {
    isTaken = true;
    return lock;
  });
  for (let turn = 0; turn < 5; turn++) await setImmediate();
  expect(isTaken).toBe(false);
  await first.release();
  await (await taking).release();
  expect(warnings).not.toContain('resumed');
});

it('the error of a run that was paused says so, and not that another run took over', async () => {
  const store = memoryStore({ conditional: true });
  const clock = leapingClock();
  for (const colour of ['red', 'green']) await deploy(colour, colour)(store, leapingClock());
  const paused = onceAt(
    store,
    (call) => call.startsWith('remove '),
    async (make, signal) => {
      await clock.wait(25_000, SIGNAL);
      signal.throwIfAborted();
      return make();
    },
  );
  await expect(prune()(paused, clock)).rejects.toMatchObject({
    code: 'overtaken',
    message:
      "This run could not renew its hold on 'memory://bucket/' for 20 s, so it stopped before another run takes over. The process or the network may have paused. Run again.",
  });
});
