import { describe, expect, it } from 'vitest';
import { HEAD_NAME } from '../../../src/storages/destination.js';
import { parseHead } from '../../../src/storages/objects/head-object.js';
import { ConditionsRefused, type ObjectStore } from '../../../src/storages/objects/object-store.js';
import type { ObjectStorageOptions } from '../../../src/storages/objects/options.js';
import { leapingClock } from '../../support/leaping-clock.js';
import { type MemoryStore, memoryStore } from '../../support/memory-store.js';
import { deploy, prune } from './interleaving/runs.js';
import { wrongAt } from './interleaving/whole.js';

const IGNORING = { version: 'bytes', keepsConditions: false } as const;

async function warningsOf(
  store: ObjectStore,
  colour: string,
  options: ObjectStorageOptions = {},
): Promise<string[]> {
  const warnings: string[] = [];
  const onWarning = ({ message }: { readonly message: string }) => warnings.push(message);
  await deploy(colour, 'v1', { onWarning, options })(store, leapingClock());
  return warnings;
}

function headIn({ objects }: MemoryStore) {
  return parseHead(Buffer.from(objects.get(HEAD_NAME)!.text));
}

describe('a service that ignores conditions', () => {
  it('is detected once for each destination, with one warning', async () => {
    const store = memoryStore({}, IGNORING);
    expect(await warningsOf(store, 'red')).toEqual([
      "The service of 'memory://bucket/' ignores the conditions of conditional writes, so two runs at once may mix. Let one run publish at a time.",
    ]);
    expect(headIn(store).conditional).toBe(false);
    expect(await warningsOf(store, 'green')).toEqual([]);
  });

  it('that honours only If-None-Match is detected too', async () => {
    const keeping = memoryStore();
    const store: ObjectStore = {
      ...keeping,
      put(key, body, { condition, ...options }) {
        const known = condition && 'absent' in condition ? { condition } : {};
        return keeping.put(key, body, { ...options, ...known });
      },
    };
    expect(await warningsOf(store, 'red')).toHaveLength(1);
    expect(headIn(keeping).conditional).toBe(false);
  });

  it('gets one request without conditions if nothing has changed', async () => {
    const store = memoryStore({}, IGNORING);
    await warningsOf(store, 'red');
    store.calls.length = 0;
    await warningsOf(store, 'red');
    expect(store.calls).toEqual([`read ${HEAD_NAME}`]);
    const conditions: unknown[] = [];
    const watched: ObjectStore = {
      ...store,
      put(key, body, options) {
        if (options.condition) conditions.push(key);
        return store.put(key, body, options);
      },
    };
    await warningsOf(watched, 'green');
    expect(conditions).toEqual([]);
    expect(wrongAt(store)).toEqual([]);
  });

  it('prune fails and names the files if another run has published references to them', async () => {
    const store = memoryStore({}, IGNORING);
    const clock = leapingClock();
    for (const [id, colour] of [
      ['v1', 'red'],
      ['v2', 'green'],
    ] as const)
      await deploy(colour, id)(store, clock);
    const late: ObjectStore = {
      ...store,
      async remove(keys, signal, versions) {
        // Another run, which nothing keeps out, has gone back to the first release.
        if (keys[0]!.startsWith('app.')) {
          const { objects } = store;
          for (const name of ['staticfiles.json', 'staticfiles.details.json'])
            objects.set(name, { ...objects.get(name)!, text: manifestOfRed(name) });
        }
        return store.remove(keys, signal, versions);
      },
    };
    const manifests = new Map(
      ['staticfiles.json', 'staticfiles.details.json'].map((name) => [
        name,
        store.objects.get(`v1/${name}`)!.text,
      ]),
    );
    const manifestOfRed = (name: string) => manifests.get(name)!;
    await expect(prune()(late, clock)).rejects.toMatchObject({
      code: 'target',
      message: expect.stringMatching(
        /^Another run has published at the same time, and needs files that were deleted: 'app\.\w+\.css'\./,
      ),
    });
  });
});

describe('the option conditional: false', () => {
  it('leaves conditions out from the first request, without a warning', async () => {
    const refusing = memoryStore();
    const store: ObjectStore = {
      ...refusing,
      put(key, body, options) {
        if (options.condition) throw new ConditionsRefused('501 NotImplemented');
        return refusing.put(key, body, options);
      },
    };
    expect(await warningsOf(store, 'red', { conditional: false })).toEqual([]);
    expect(wrongAt(refusing)).toEqual([]);
  });

  it('can be set by a store', async () => {
    const store = memoryStore({ conditional: false }, IGNORING);
    expect(await warningsOf(store, 'red')).toEqual([]);
    expect(headIn(store).conditional).toBe(false);
  });

  it('is named in the error if a service refuses conditions', async () => {
    const store = memoryStore({
      put: async () => {
        throw new ConditionsRefused('501 NotImplemented');
      },
    });
    await expect(warningsOf(store, 'red')).rejects.toMatchObject({
      code: 'target',
      message:
        "The service of 'memory://bucket/' does not support conditional writes (501 NotImplemented). Nothing was published. Set the option conditional: false, and let one run publish at a time.",
    });
  });

  it('cannot be true', async () => {
    await expect(warningsOf(memoryStore(), 'red', { conditional: true as never })).rejects.toMatchObject({
      code: 'settings',
      message: "storage 'memory': conditional: expected false, got true. (staticfiles.E007)",
    });
  });
});

describe('of two runs that take a destination at the same moment', () => {
  it('one finds the head of the other after a while, and waits', async () => {
    const store = memoryStore({ conditional: false }, IGNORING);
    await deploy('red', 'v1')(store, leapingClock());
    let pending = true;
    const racing: ObjectStore = {
      ...store,
      async put(key, body, options) {
        const written = await store.put(key, body, options);
        if (pending && key === HEAD_NAME) {
          pending = false;
          await deploy('green', 'v2')({ ...store, read: asBefore(store, key) }, leapingClock());
        }
        return written;
      },
    };
    // The other run has read the head before this one wrote it.
    const first = store.objects.get(HEAD_NAME)!;
    let isFirst = 2;
    const asBefore =
      ({ read }: MemoryStore, head: string): ObjectStore['read'] =>
      async (key, signal) =>
        key === head && isFirst-- > 0
          ? { bytes: Buffer.from(first.text), version: first.version }
          : read(key, signal);
    await deploy('black', 'v3')(racing, leapingClock());
    expect(wrongAt(store)).toEqual([]);
    expect(JSON.parse(store.objects.get('staticfiles.json')!.text).release).toBe('v3');
  });
});
