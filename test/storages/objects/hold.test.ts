import { describe, expect, it } from 'vitest';
import { HEAD_NAME } from '../../../src/storages/destination.js';
import { type Head, headBytes, parseHead } from '../../../src/storages/objects/head-object.js';
import { keepHold } from '../../../src/storages/objects/hold.js';
import type { ObjectStore, PutOptions } from '../../../src/storages/objects/object-store.js';
import { leapingClock } from '../../support/leaping-clock.js';
import { type MemoryStore, memoryStore } from '../../support/memory-store.js';
import { bodyOf, putOptions, SIGNAL } from '../../support/objects.js';

const HEAD: Head = {
  ...{ run: 'ours', seq: 1, state: 'held', index: 'i', published: null },
  ...{ lost: null, going: null, conditional: true },
};

const headIn = ({ objects }: MemoryStore) => parseHead(Buffer.from(objects.get(HEAD_NAME)!.text));
const putHead = (store: MemoryStore, head: Head) =>
  store.put(HEAD_NAME, bodyOf(headBytes(head)), putOptions());

interface World {
  /** Replaces calls of the store that the hold uses. */
  readonly calls?: (store: MemoryStore) => Partial<ObjectStore>;
  readonly conditional?: boolean;
}

/** A run that has just taken the destination. */
async function held({ calls = () => ({}), conditional = true }: World = {}) {
  const store = memoryStore();
  const { version } = await putHead(store, HEAD);
  store.calls.length = 0;
  const clock = leapingClock();
  const destination = {
    ...{ store: { ...store, ...calls(store) }, prefix: '', name: 'memory://bucket/', indexed: true },
    ...{ conditional, clock, endedRuns: new Set<string>(), warn() {} },
  };
  const taken = { head: HEAD, version, at: clock.now(), conditional, isTakenOver: false };
  const hold = keepHold(destination, taken);
  /** Lets time pass, half a second at a time. */
  const pass = async (seconds: number) => {
    for (let step = 0; step < seconds * 2; step++) await clock.wait(500, SIGNAL);
  };
  const writes = () => store.calls.filter((call) => call.startsWith('put')).length;
  return { store, hold, pass, writes, destination };
}

const failure = () => Promise.reject(new Error('no network'));

const NOT_RENEWED =
  "This run could not renew its hold on 'memory://bucket/' for 20 s, so it stopped before another run takes over. The process or the network may have paused. Run again.";
const TAKEN =
  "Another run has taken over 'memory://bucket/', because this one could not renew its hold. The process or the network may have paused. Run again.";

describe('a hold', () => {
  it('is renewed for as long as it is kept', async () => {
    const { store, hold, pass, writes } = await held();
    await pass(120);
    expect(hold.lost.aborted).toBe(false);
    expect(writes()).toBeGreaterThanOrEqual(10);
    expect(writes()).toBeLessThan(30);
    expect(headIn(store)).toEqual({ ...HEAD, seq: 1 + writes() });
    expect(hold.head).toEqual(headIn(store));
  });

  it('is lost if it cannot be renewed for 20 s, and not before', async () => {
    let tries = 0;
    const { hold, pass, destination } = await held({
      calls: () => ({
        put() {
          tries += 1;
          return failure();
        },
      }),
    });
    await pass(19.5);
    expect(hold.lost.aborted).toBe(false);
    expect(tries).toBeGreaterThan(5); // every second, after the first
    await pass(1);
    expect(hold.lost.reason).toMatchObject({ code: 'overtaken', message: NOT_RENEWED });
    expect([...destination.endedRuns]).toEqual(['ours']);
    const before = tries;
    await pass(60);
    expect(tries).toBe(before);
    await expect(hold.prove(SIGNAL)).rejects.toThrow(NOT_RENEWED);
    await expect(hold.write({}, SIGNAL)).rejects.toThrow(NOT_RENEWED);
  });

  it('is lost 20 s after its last proof was begun, however late the answer to that came', async () => {
    let isDown = false;
    let answer = () => {};
    const { hold, pass } = await held({
      calls: ({ put }) => ({
        async put(...put_) {
          if (isDown) return new Promise<never>(() => {});
          await new Promise<void>((resolve) => {
            answer = resolve;
          });
          return put(...put_);
        },
      }),
    });
    const writing = hold.write({}, SIGNAL);
    await pass(8);
    answer();
    isDown = true;
    await writing;
    await pass(11.5);
    expect(hold.lost.aborted).toBe(false);
    await pass(1);
    expect(hold.lost.reason.message).toBe(NOT_RENEWED);
  });

  it('is lost if a renewal is never answered', async () => {
    const { hold, pass } = await held({ calls: () => ({ put: () => new Promise(() => {}) }) });
    await pass(21);
    expect(hold.lost.reason.message).toBe(NOT_RENEWED);
  });

  it('survives a network that is down for a while, again and again', async () => {
    let isDown = false;
    const { hold, pass } = await held({
      calls: ({ put }) => ({ put: (...put_) => (isDown ? failure() : put(...put_)) }),
    });
    for (let times = 0; times < 5; times++) {
      isDown = true;
      await pass(14);
      isDown = false;
      await pass(12);
    }
    expect(hold.lost.aborted).toBe(false);
  });

  it.each([
    ['another run has written the head', (store: MemoryStore) => putHead(store, { ...HEAD, run: 'theirs' })],
    ['the head is gone', async (store: MemoryStore) => store.objects.delete(HEAD_NAME)],
    ['the head is damaged', (store: MemoryStore) => store.put(HEAD_NAME, bodyOf('?'), putOptions())],
  ])('is lost at the next write if %s', async (_, change) => {
    const { store, hold, destination, pass, writes } = await held();
    await change(store);
    const there = store.objects.get(HEAD_NAME);
    await expect(hold.write({ index: 'x' }, SIGNAL)).rejects.toMatchObject({
      code: 'overtaken',
      message: TAKEN,
    });
    expect(hold.lost.reason.message).toBe(TAKEN);
    expect(store.objects.get(HEAD_NAME)).toEqual(there);
    expect([...destination.endedRuns]).toEqual(['ours']);
    const before = writes();
    await pass(60);
    expect(writes()).toBe(before);
  });

  it('is lost if another run writes between two looks at the head', async () => {
    const { hold } = await held({
      calls: (store) => ({
        async read(key, signal) {
          const seen = await store.read(key, signal);
          await putHead(store, { ...HEAD, run: 'theirs' });
          return seen;
        },
        put: async (key, body, options) => {
          if ((options.condition as { version: string }).version === 'v1') await putHead(store, HEAD);
          return store.put(key, body, options);
        },
      }),
    });
    await expect(hold.write({}, SIGNAL)).rejects.toThrow(TAKEN);
  });

  it('knows a write that arrived although it seemed to fail', async () => {
    let isDenied = true;
    const { store, hold } = await held({
      calls: ({ put }) => ({
        async put(...put_) {
          const stored = await put(...put_);
          if (!isDenied) return stored;
          isDenied = false;
          return failure();
        },
      }),
    });
    await expect(hold.write({ index: 'one' }, SIGNAL)).rejects.toThrow('no network');
    await hold.write({ index: 'two' }, SIGNAL);
    expect(headIn(store)).toEqual({ ...HEAD, index: 'two', seq: 3 });
    expect(hold.lost.aborted).toBe(false);
  });

  it('is written once at a time, in order, also after a write that failed', async () => {
    let failing = 'second';
    const { store, hold } = await held({
      calls: ({ put }) => ({
        put(key, body, options: PutOptions) {
          const { index } = parseHead(body.bytes());
          return index === failing ? failure() : put(key, body, options);
        },
      }),
    });
    const writes = ['first', 'second', 'third'].map((index) => hold.write({ index }, SIGNAL));
    const ended = await Promise.allSettled(writes);
    expect(ended.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(headIn(store)).toEqual({ ...HEAD, index: 'third', seq: 3 });
    failing = '';
  });

  it('is not written if the signal is aborted, and is kept', async () => {
    const { store, hold } = await held();
    const reason = new Error('enough');
    await expect(hold.write({ index: 'x' }, AbortSignal.abort(reason))).rejects.toBe(reason);
    expect([store.calls, hold.lost.aborted]).toEqual([[], false]);
  });

  it('is given back with the fields of the next run, and is not renewed any more', async () => {
    const { store, hold, pass, writes, destination } = await held();
    await hold.giveBack({ index: 'next', published: 'p' }, SIGNAL);
    expect(headIn(store)).toEqual({ ...HEAD, state: 'free', index: 'next', published: 'p', seq: 2 });
    await pass(60);
    expect(writes()).toBe(1);
    expect(hold.lost.aborted).toBe(false);
    expect([...destination.endedRuns]).toEqual(['ours']);
  });

  it('is over even if it could not be given back', async () => {
    const { hold, pass, destination } = await held({ calls: () => ({ put: failure }) });
    await expect(hold.giveBack({}, SIGNAL)).rejects.toThrow('no network');
    expect([...destination.endedRuns]).toEqual(['ours']);
    await pass(60);
    expect(hold.lost.aborted).toBe(false);
  });

  it('says how it was taken', async () => {
    const { hold, destination } = await held();
    expect(hold).toMatchObject({ conditional: true, isTakenOver: false, head: HEAD });
    const again = keepHold(destination, {
      ...{ head: HEAD, version: 'v', at: 0, conditional: false, isTakenOver: true },
    });
    expect(again).toMatchObject({ conditional: false, isTakenOver: true });
  });

  it('that was taken too long ago is lost at once', async () => {
    const { destination, pass } = await held();
    await pass(25);
    const old = keepHold(destination, {
      ...{ head: HEAD, version: 'v', at: 0, conditional: true, isTakenOver: false },
    });
    expect(old.lost.reason.message).toBe(NOT_RENEWED);
  });
});

describe('a proof of the hold', () => {
  it('lasts 10 s', async () => {
    // Renewals are never answered, so that only the proof itself counts.
    let answers = false;
    const { store, hold, pass } = await held({
      calls: ({ put }) => ({ put: (...put_) => (answers ? put(...put_) : failure()) }),
    });
    await pass(9.5);
    answers = true;
    store.calls.length = 0;
    await hold.prove(SIGNAL);
    expect(store.calls).toEqual([]);
    answers = false;
    await pass(0.5);
    answers = true;
    await hold.prove(SIGNAL);
    expect(store.calls).toEqual([`put ${HEAD_NAME}`]);
    store.calls.length = 0;
    await hold.prove(SIGNAL);
    expect(store.calls).toEqual([]);
  });

  it('is not taken from a failure', async () => {
    let fails = true;
    const { hold, pass } = await held({
      calls: ({ put }) => ({ put: (...put_) => (fails ? failure() : put(...put_)) }),
    });
    await pass(11);
    await expect(hold.prove(SIGNAL)).rejects.toThrow('no network');
    fails = false;
    await expect(hold.prove(AbortSignal.abort(new Error('enough')))).rejects.toThrow('enough');
    await hold.prove(SIGNAL);
  });
});

describe('at a service that ignores conditions, a hold', () => {
  const NOT_CONDITIONAL = { ...HEAD, conditional: false };

  /** A hold that could not be proved for 10 s, at a service that answers again. */
  async function heldUnproved() {
    let isDown = true;
    const run = await held({
      conditional: false,
      calls: ({ read }) => ({ read: (...read_) => (isDown ? failure() : read(...read_)) }),
    });
    await run.pass(10);
    isDown = false;
    return run;
  }

  it('is written without a condition, after a look', async () => {
    const conditions: unknown[] = [];
    const { store, hold } = await held({
      conditional: false,
      calls: ({ put }) => ({
        put(key, body, options) {
          conditions.push(options.condition);
          return put(key, body, options);
        },
      }),
    });
    await hold.write({ index: 'x' }, SIGNAL);
    expect(store.calls).toEqual([`read ${HEAD_NAME}`, `put ${HEAD_NAME}`]);
    expect(conditions).toEqual([undefined]);
    expect(headIn(store)).toEqual({ ...HEAD, index: 'x', seq: 2 });
  });

  it('is proved by reading', async () => {
    const { store, hold } = await heldUnproved();
    store.calls.length = 0;
    await hold.prove(SIGNAL);
    await hold.prove(SIGNAL);
    expect(store.calls).toEqual([`read ${HEAD_NAME}`]);
  });

  it('is lost if another run is there', async () => {
    const { store, hold } = await heldUnproved();
    await putHead(store, { ...NOT_CONDITIONAL, run: 'theirs' });
    await expect(hold.prove(SIGNAL)).rejects.toThrow(TAKEN);
    await expect(hold.write({}, SIGNAL)).rejects.toThrow(TAKEN);
    expect(headIn(store).run).toBe('theirs');
  });

  it('never writes a smaller number than the head has', async () => {
    const { store, hold } = await held({ conditional: false });
    await putHead(store, { ...NOT_CONDITIONAL, seq: 40 });
    await hold.write({}, SIGNAL);
    expect(headIn(store).seq).toBe(41);
  });
});
