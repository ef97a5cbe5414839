import { describe, expect, it } from 'vitest';
import { HEAD_NAME } from '../../../src/storages/destination.js';
import { parseHead } from '../../../src/storages/objects/head-object.js';
import type { ObjectStore } from '../../../src/storages/objects/object-store.js';
import { dyingStore } from '../../support/dying-store.js';
import { leapingClock } from '../../support/leaping-clock.js';
import { type MemoryStore, memoryStore } from '../../support/memory-store.js';
import { activate, type Command, deploy, prune } from './interleaving/runs.js';
import { wrongAt } from './interleaving/whole.js';

const HOUR = 60 * 60_000;

/** Three releases, and a run that died over them. */
async function afterDeathOf(command: Command, at: (call: string) => boolean): Promise<MemoryStore> {
  const store = memoryStore({}, { version: 'bytes' });
  for (const [id, colour] of [
    ['v1', 'red'],
    ['v2', 'green'],
    ['v3', 'black'],
  ] as const)
    await deploy(colour, id)(store, leapingClock());
  await expect(command(dyingStore(store, at), leapingClock())).rejects.toThrow('killed');
  return store;
}

const run = (command: Command, store: ObjectStore, later = 0) =>
  command(store, leapingClock(Date.now() + later));
const names = ({ objects }: MemoryStore) => [...objects.keys()].filter((key) => key.startsWith('app.'));
const headIn = ({ objects }: MemoryStore) => parseHead(Buffer.from(objects.get(HEAD_NAME)!.text));

describe('within an hour after a run died', () => {
  const duringDeploy = () => afterDeathOf(deploy('white', 'v4'), (call) => call === 'put staticfiles.json');
  const duringPrune = () => afterDeathOf(prune(), (call) => call.startsWith('remove app.'));

  it('prune deletes nothing, and says until when', async () => {
    const store = await duringDeploy();
    const before = [...store.objects.keys()];
    const report = await run(prune(), store);
    expect(report).toMatchObject({
      deleted: { files: 0 },
      plan: { releases: [], quietUntil: expect.any(Date) },
    });
    expect([...store.objects.keys()]).toEqual(before);
    await run(prune(), store, HOUR + 60_000);
    expect(names(store)).toHaveLength(2); // the live file, and the one in the details beside the live manifest
  });

  it.each([
    ['--clear', { clear: true }, 'nothing-deleted'],
    ['--prune', { prune: { keep: 0, olderThan: 0 } }, 'nothing-pruned'],
  ])('collectstatic %s publishes, deletes nothing, and warns', async (_, options, code) => {
    const store = await duringDeploy();
    const warnings: string[] = [];
    const onWarning = (warning: { readonly code: string }) => warnings.push(warning.code);
    await run(deploy('yellow', 'v5', { ...options, onWarning }), store);
    expect(warnings).toEqual(expect.arrayContaining(['waiting', 'taken-over', code]));
    expect(names(store)).toHaveLength(5);
    expect(store.objects.has('v1/staticfiles.json')).toBe(true);
  });

  it('activate refuses the releases that were being deleted, and only those', async () => {
    const store = await duringPrune();
    for (const name of ['staticfiles.json', 'staticfiles.details.json'])
      store.objects.set(`v2/${name}`, store.objects.get(`v3/${name}`)!);
    expect(headIn(store)).toMatchObject({ state: 'deleting', going: ['v2', 'v1'] });
    await expect(run(activate('v2'), store)).rejects.toMatchObject({
      code: 'target',
      message: expect.stringMatching(
        /^Release 'v2' was being deleted by a run that was given up, and may go on with it\. Collect it again, or activate it after /,
      ),
    });
    await run(activate('v3'), store);
  });

  it('files that the live manifest does not name are sent again in another version, and the index is not trusted', async () => {
    const store = await duringPrune();
    const [red] = names(store).filter((name) => store.objects.get(name)!.text.includes('red'));
    const { version } = store.objects.get(red!)!;
    await run(deploy('red', 'v5'), store);
    expect(store.objects.get(red!)!.version).not.toBe(version);
    expect(headIn(store)).toMatchObject({ state: 'free', index: null, lost: expect.any(String) });
    expect(wrongAt(store)).toEqual([]);
    // A deletion that arrives late finds another version.
    expect(await store.remove([red!], new AbortController().signal, new Map([[red!, version]]))).toEqual([
      red,
    ]);
  });
});

describe('a run that fails', () => {
  it('gives the destination back even if its index cannot be written', async () => {
    const store = memoryStore();
    await run(deploy('red', 'v1'), store);
    const failing: ObjectStore = {
      ...store,
      put: (key, body, options) =>
        /(?:index|staticfiles)\.json$/.test(key)
          ? Promise.reject(new Error('503'))
          : store.put(key, body, options),
    };
    await expect(run(deploy('green', 'v2'), failing)).rejects.toThrow('503');
    expect(headIn(store)).toMatchObject({ state: 'free', index: null });
  });
});
