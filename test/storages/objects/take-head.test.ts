import { describe, expect, it } from 'vitest';
import { HEAD_NAME } from '../../../src/storages/destination.js';
import { type Head, headBytes, parseHead } from '../../../src/storages/objects/head-object.js';
import { lookAtHead } from '../../../src/storages/objects/head-requests.js';
import type { ObjectDestination } from '../../../src/storages/objects/object-destination.js';
import {
  ConditionFailed,
  ConditionsRefused,
  type ObjectStore,
} from '../../../src/storages/objects/object-store.js';
import { isFree, takeAsSeen, waitAndTake } from '../../../src/storages/objects/take-head.js';
import { leapingClock } from '../../support/leaping-clock.js';
import { type MemoryBehaviour, type MemoryStore, memoryStore } from '../../support/memory-store.js';
import { bodyOf, putOptions, SIGNAL } from '../../support/objects.js';

const THEIRS: Head = {
  ...{ run: 'theirs-0123456789', seq: 7, state: 'held', index: 'i', published: 'p' },
  ...{ lost: null, going: null, conditional: true },
};
const FREE: Head = { ...THEIRS, state: 'free' };
const NOON = Date.parse('2030-01-01T12:00:00Z');

interface World {
  readonly behaviour?: MemoryBehaviour;
  /** Replaces calls of the store. */
  readonly calls?: (store: MemoryStore) => Partial<ObjectStore>;
  readonly conditional?: boolean | undefined;
  readonly head?: Head;
}

const headIn = ({ objects }: MemoryStore) => parseHead(Buffer.from(objects.get(HEAD_NAME)!.text));

const putHead = async (store: MemoryStore, head: Head) => {
  await store.put(HEAD_NAME, bodyOf(headBytes(head)), putOptions());
};

async function worldOf(world: World = {}) {
  const { behaviour, calls = () => ({}), head } = world;
  const store = memoryStore({}, behaviour);
  if (head) await putHead(store, head);
  store.calls.length = 0;
  const warnings: { readonly code: string; readonly message: string }[] = [];
  const clock = leapingClock(NOON);
  const destination: ObjectDestination = {
    ...{ store: { ...store, ...calls(store) }, prefix: '', name: 'memory://bucket/', indexed: true },
    ...{ conditional: 'conditional' in world ? world.conditional : true, clock },
    ...{ endedRuns: new Set<string>(), warn: (warning) => warnings.push(warning) },
  };
  return { store, destination, clock, warnings };
}

/** Calls something at each n-th look at the head, after the look. */
const atLook = (looked: (store: MemoryStore, look: number) => unknown) => (store: MemoryStore) => {
  let looks = 0;
  return {
    async read(key: string, signal: AbortSignal) {
      const seen = await store.read(key, signal);
      looks += 1;
      await looked(store, looks);
      return seen;
    },
  };
};

describe('a free destination', () => {
  it('is taken at once, also before the first run', async () => {
    const { store, destination, clock, warnings } = await worldOf();
    const hold = await waitAndTake(destination, SIGNAL);
    expect(headIn(store)).toEqual({
      ...{ run: expect.stringMatching(/^[0-9a-f-]{36}$/), seq: 1, state: 'held', index: null },
      ...{ published: null, lost: null, going: null, conditional: true },
    });
    expect(hold).toMatchObject({ head: headIn(store), conditional: true, isTakenOver: false });
    expect([clock.now(), warnings, [...destination.endedRuns]]).toEqual([0, [], []]);
  });

  it('is taken with what the run before has left', async () => {
    const { store, destination } = await worldOf({ head: { ...FREE, lost: '2029-12-31T00:00:00.000Z' } });
    const { head, isTakenOver } = await waitAndTake(destination, SIGNAL);
    const expected = { ...FREE, lost: '2029-12-31T00:00:00.000Z', state: 'held', seq: 8, run: head.run };
    expect(headIn(store)).toEqual(expected);
    expect(head.run).not.toBe(THEIRS.run);
    expect(isTakenOver).toBe(false);
  });

  it('is not taken from a run that was faster, but once that one has finished', async () => {
    const { store, destination, clock } = await worldOf({
      head: FREE,
      calls: atLook(async (store, look) => {
        if (look === 1) await putHead(store, THEIRS);
        if (look === 4) await putHead(store, { ...FREE, seq: 20 });
      }),
    });
    await waitAndTake(destination, SIGNAL);
    expect(headIn(store)).toMatchObject({ seq: 21, state: 'held' });
    expect(clock.now()).toBe(4000);
    expect(destination.endedRuns.size).toBe(1);
  });

  it.each([FREE, undefined])('takeAsSeen() leaves it alone if it has changed since %j', async (head) => {
    const { store, destination } = await worldOf(head ? { head } : {});
    const seen = await lookAtHead(destination, SIGNAL);
    expect(isFree(seen)).toBe(true);
    await putHead(store, THEIRS);
    expect(await takeAsSeen(destination, seen, {}, SIGNAL)).toBeUndefined();
    expect(headIn(store)).toEqual(THEIRS);
  });
});

describe('a destination that another run holds', () => {
  const alive = atLook((store, look) => putHead(store, { ...THEIRS, seq: 10 + look }));

  it('is waited for as long as that run is alive: ten minutes at most, and a word after three seconds', async () => {
    const { store, destination, clock, warnings } = await worldOf({ head: THEIRS, calls: alive });
    const warnedAt: number[] = [];
    const warn = (warning: { readonly code: string; readonly message: string }) => {
      warnedAt.push(clock.now());
      warnings.push(warning);
    };
    await expect(waitAndTake({ ...destination, warn }, SIGNAL)).rejects.toMatchObject({
      code: 'locked',
      message:
        "Another run (theirs-0) has been publishing to 'memory://bucket/' for 10 min, and is still running. Run again when it has finished.",
    });
    expect(clock.now()).toBe(600_000);
    expect(warnings).toEqual([
      {
        code: 'waiting',
        message: "Another run is publishing to 'memory://bucket/'. Waiting for it to finish.",
      },
    ]);
    expect(warnedAt).toEqual([3000]);
    expect(headIn(store).run).toBe(THEIRS.run);
  });

  it('is taken over once that run has shown no sign of life for 30 s', async () => {
    const { store, destination, clock, warnings } = await worldOf({ head: THEIRS });
    const hold = await waitAndTake(destination, SIGNAL);
    expect(clock.now()).toBe(30_000);
    expect(headIn(store)).toMatchObject({
      ...{ state: 'held', seq: 8, index: 'i', published: 'p' },
      ...{ lost: new Date(NOON + 30_000).toISOString(), going: null },
    });
    expect(hold.isTakenOver).toBe(true);
    expect(warnings.map(({ code }) => code)).toEqual(['waiting', 'taken-over']);
    expect(warnings[1]!.message).toBe(
      "A run that published to 'memory://bucket/' has shown no sign of life for 30 s, so this run takes over. The other one may still wake up, so nothing is deleted there for an hour.",
    );
  });

  it('is waited for from its last sign of life on', async () => {
    const { destination, clock } = await worldOf({
      head: THEIRS,
      calls: atLook((store, look) => (look < 20 ? putHead(store, { ...THEIRS, seq: 10 + look }) : undefined)),
    });
    await waitAndTake(destination, SIGNAL);
    expect(clock.now()).toBe(19_000 + 30_000);
  });

  it('is not taken over if that run wakes up at the last moment', async () => {
    const { store, destination, clock, warnings } = await worldOf({
      head: THEIRS,
      calls: atLook((store, look) => (look === 31 ? putHead(store, { ...FREE, seq: 50 }) : undefined)),
    });
    await waitAndTake(destination, SIGNAL);
    expect(clock.now()).toBe(31_000);
    expect(headIn(store)).toMatchObject({ seq: 51, lost: null });
    expect(warnings.map(({ code }) => code)).toEqual(['waiting']);
  });

  it.each<[title: string, head: Partial<Head>, going: readonly string[] | null]>([
    ['is publishing', { going: ['v1'] }, null],
    ['is deleting releases', { state: 'deleting', going: ['v1'] }, ['v1']],
    ['took over from one that was deleting', { lost: '2029-12-31T00:00:00.000Z', going: ['v0'] }, ['v0']],
  ])('if that run %s, the head says which releases may be going', async (_, head, going) => {
    const { store, destination } = await worldOf({ head: { ...THEIRS, ...head } });
    await waitAndTake(destination, SIGNAL);
    expect(headIn(store).going).toEqual(going);
  });

  it('is waited for only until the signal is aborted', async () => {
    const controller = new AbortController();
    const { destination } = await worldOf({
      head: THEIRS,
      calls: atLook((_, look) => look === 5 && controller.abort(new Error('enough'))),
    });
    await expect(waitAndTake(destination, controller.signal)).rejects.toThrow('enough');
  });
});

describe('a destination that an earlier attempt of this process still holds', () => {
  it('is taken at once, without what that one did not finish', async () => {
    const { store, destination, clock, warnings } = await worldOf({ head: THEIRS });
    destination.endedRuns.add(THEIRS.run);
    const hold = await waitAndTake(destination, SIGNAL);
    expect([clock.now(), hold.isTakenOver]).toEqual([0, false]);
    expect(headIn(store)).toEqual({
      ...{ ...THEIRS, run: hold.head.run, seq: 8 },
      ...{ index: null, published: null, lost: null, going: null },
    });
    expect(warnings).toEqual([
      {
        code: 'resumed',
        message:
          "This run had lost its hold on 'memory://bucket/', because the process or the network paused. No other run has written there since, so it goes on.",
      },
    ]);
  });

  it('is treated like one of another run if that attempt was deleting', async () => {
    const { store, destination, warnings } = await worldOf({
      head: { ...THEIRS, state: 'deleting', going: ['v1'] },
    });
    destination.endedRuns.add(THEIRS.run);
    const hold = await waitAndTake(destination, SIGNAL);
    expect(hold.isTakenOver).toBe(true);
    const lost = new Date(NOON).toISOString();
    expect(headIn(store)).toMatchObject({ index: null, published: null, lost, going: ['v1'] });
    expect(warnings[0]!.message).toContain(
      'so it goes on. Its last deletions may still arrive, so nothing more is deleted there for an hour.',
    );
  });

  it('is waited for if another run was faster', async () => {
    const { destination, clock, warnings } = await worldOf({
      head: THEIRS,
      calls: atLook((store, look) => {
        if (look === 1) return putHead(store, { ...THEIRS, run: 'others' });
        if (look === 2) return putHead(store, FREE);
        return undefined;
      }),
    });
    destination.endedRuns.add(THEIRS.run);
    await waitAndTake(destination, SIGNAL);
    expect([clock.now(), warnings]).toEqual([2000, []]);
  });
});

describe('where nobody knows yet whether conditions count', () => {
  it('the first run finds out that they do, and says so to the next ones', async () => {
    const { store, destination, warnings } = await worldOf({ conditional: undefined });
    const hold = await waitAndTake(destination, SIGNAL);
    expect([hold.conditional, headIn(store).conditional, warnings]).toEqual([true, true, []]);
    expect(headIn(store)).toEqual(hold.head);
    expect(hold.head.seq).toBe(2);
    await hold.giveBack({}, SIGNAL);
    store.calls.length = 0;
    await waitAndTake(destination, SIGNAL);
    expect(store.calls).toEqual([`read ${HEAD_NAME}`, `put ${HEAD_NAME}`]);
  });

  const NOT_KEPT =
    "The service of 'memory://bucket/' ignores the conditions of conditional writes, so two runs at once may mix. Let one run publish at a time.";

  /** A service that keeps to some conditions only. */
  const keepingOnly = (which: 'absent' | 'version') => (store: MemoryStore) => ({
    put: (
      key: string,
      body: Parameters<ObjectStore['put']>[1],
      { condition, ...rest }: Parameters<ObjectStore['put']>[2],
    ) => store.put(key, body, { ...rest, ...(condition && which in condition && { condition }) }),
  });

  it.each<[title: string, world: World]>([
    ['none', { behaviour: { keepsConditions: false } }],
    ['only those that an object is absent', { calls: keepingOnly('absent') }],
    ['only those on a version', { calls: keepingOnly('version') }],
  ])('it finds out that %s count, and warns', async (_, world) => {
    const { store, destination, warnings, clock } = await worldOf({ ...world, conditional: undefined });
    const hold = await waitAndTake(destination, SIGNAL);
    expect([hold.conditional, headIn(store).conditional]).toEqual([false, false]);
    expect(headIn(store).run).toBe(hold.head.run);
    expect(warnings).toEqual([{ code: 'no-conditional-writes', message: NOT_KEPT }]);
    expect(clock.now()).toBe(3000);
  });

  it('a failure while it finds out ends the run', async () => {
    let puts = 0;
    const { destination } = await worldOf({
      conditional: undefined,
      calls: (store) => ({
        put: (...put_) => {
          puts += 1;
          return puts === 2 ? Promise.reject(new Error('no network')) : store.put(...put_);
        },
      }),
    });
    await expect(waitAndTake(destination, SIGNAL)).rejects.toThrow('no network');
    expect(destination.endedRuns.size).toBe(1);
  });

  it.each([
    ['given back if the run is interrupted', true, 'free'],
    ['left as it is if the run fails otherwise', false, 'held'],
  ])('the destination is %s while it finds out', async (_, isInterrupted, state) => {
    const controller = new AbortController();
    let puts = 0;
    const { store, destination } = await worldOf({
      conditional: undefined,
      calls: (store) => ({
        async put(key, body, options) {
          puts += 1;
          if (puts !== 2) return store.put(key, body, options);
          if (isInterrupted) controller.abort(new Error('enough'));
          throw new Error('enough');
        },
      }),
    });
    await expect(waitAndTake(destination, controller.signal)).rejects.toThrow('enough');
    expect(headIn(store).state).toBe(state);
  });

  it('a service that refuses conditions is an error, with the way out', async () => {
    const cause = new ConditionsRefused('501 Not Implemented');
    const { destination } = await worldOf({ calls: () => ({ put: () => Promise.reject(cause) }) });
    await expect(waitAndTake(destination, SIGNAL)).rejects.toMatchObject({
      ...{ code: 'target', cause },
      message:
        "The service of 'memory://bucket/' does not support conditional writes (501 Not Implemented). Nothing was published. Set the option conditional: false, and let one run publish at a time.",
    });
  });
});

describe('without conditions', () => {
  const world = { conditional: false, behaviour: { keepsConditions: false } };

  it('a destination is taken if the head is still its own after a while', async () => {
    const { store, destination, clock, warnings } = await worldOf({ ...world, head: FREE });
    const hold = await waitAndTake(destination, SIGNAL);
    expect([clock.now(), hold.conditional, warnings]).toEqual([3000, false, []]);
    expect(headIn(store)).toEqual({ ...FREE, state: 'held', seq: 8, run: hold.head.run, conditional: false });
    expect(store.calls.filter((call) => call.startsWith('put'))).toHaveLength(1);
  });

  it.each<[title: string, change: (store: MemoryStore) => unknown]>([
    ['another run has written it', (store) => putHead(store, FREE)],
    ['it is gone', (store) => store.objects.delete(HEAD_NAME)],
  ])('it is taken anew if meanwhile %s', async (_, change) => {
    const { store, destination, clock } = await worldOf({
      ...world,
      calls: (store) => {
        let puts = 0;
        return {
          async put(...put_) {
            const stored = await store.put(...put_);
            puts += 1;
            if (puts === 1) await change(store);
            return stored;
          },
        };
      },
    });
    const hold = await waitAndTake(destination, SIGNAL);
    expect(clock.now()).toBe(3000 + 1000 + 3000);
    expect(headIn(store).run).toBe(hold.head.run);
  });

  it('nothing is written if the head has changed since it was seen', async () => {
    const { store, destination } = await worldOf({ ...world, head: FREE });
    const seen = await lookAtHead(destination, SIGNAL);
    await putHead(store, THEIRS);
    expect(await takeAsSeen(destination, seen, {}, SIGNAL)).toBeUndefined();
    expect(headIn(store)).toEqual(THEIRS);
  });
});

it('a write that was refused and arrived all the same belongs to an ended run', async () => {
  const { store, destination } = await worldOf({
    calls: (store) => ({
      async put(...put_) {
        await store.put(...put_);
        throw new ConditionFailed('412');
      },
    }),
  });
  expect(await takeAsSeen(destination, {}, {}, SIGNAL)).toBeUndefined();
  expect([...destination.endedRuns]).toEqual([headIn(store).run]);
});
