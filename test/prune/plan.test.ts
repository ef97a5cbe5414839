import { describe, expect, it } from 'vitest';
import { openRecord } from '../../src/cache/record.js';
import { contentInfo } from '../../src/model/content.js';
import type { ReleaseFile } from '../../src/pipeline/stored-manifest.js';
import { planPrune } from '../../src/prune/plan.js';
import type { PruneRules } from '../../src/prune/rules.js';
import type { StoredReleases } from '../../src/releases/read.js';
import type { Inventory, Storage, StoredFile } from '../../src/storages/storage.js';
import { inventoryOf } from '../support/outputs.js';
import { newProject } from '../support/project.js';

const DAY = 24 * 60 * 60 * 1000;
const { size, integrity, hash } = contentInfo(Buffer.from('abc'), 'sha384');
const FACTS: ReleaseFile = { size, integrity };
const FILE: Partial<StoredFile> = { size };

const record = openRecord(newProject({}).path('cache/records/none.bin'));

/** A manifest that names these files. */
function contents(names: readonly string[], release: string, complete = true) {
  const paths = Object.fromEntries(names.map((name) => [name.replace(/\.\d+\./, '.'), name]));
  return { manifest: { paths, release }, files: new Map(names.map((name) => [name, FACTS])), complete };
}

/** An active release `new`, and one `old` that is pruned. */
function releases(live: readonly string[], old: readonly string[], complete = true): StoredReleases {
  const active = contents(live, 'new', complete);
  const published = new Date(Date.now() - 10 * DAY);
  return {
    active,
    releases: [
      { id: 'new', published: new Date(), ...active },
      { id: 'old', published, ...contents(old, 'old') },
    ],
    removed: [],
  } as unknown as StoredReleases;
}

async function plan(stored: StoredReleases, inventory: Inventory, rules: PruneRules = { keep: 0 }) {
  const storage = { name: 'files', inventory: async () => inventory } as unknown as Storage;
  const { signal } = new AbortController();
  const planned = await planPrune(stored, { storage, look: {}, record, rules, signal });
  return {
    ...planned,
    deleted: planned.files.map(({ publicPath }) => publicPath),
    left: planned.spared.map(({ publicPath, reason }) => `${publicPath} (${reason})`),
  };
}

const comparing = (files: Record<string, Partial<StoredFile>>, more: Partial<Inventory> = {}) =>
  inventoryOf(files, { digest: async () => hash, ...more });

describe('a file of a pruned release', () => {
  it('is deleted, unless the live manifest names it too', async () => {
    const { files, left } = await plan(
      releases(['b.1.js'], ['a.1.js', 'b.1.js']),
      comparing({ 'a.1.js': FILE, 'b.1.js': FILE, 'c.1.js': FILE }),
    );
    expect(files).toEqual([{ publicPath: 'a.1.js', size: 3, reason: "release 'old' is pruned" }]);
    expect(left).toEqual([]);
  });

  it('stays if another release names it that stays, too', async () => {
    const stored = releases([], ['a.1.js', 'b.1.js']);
    const kept = { id: 'kept', published: new Date(), ...contents(['a.1.js'], 'kept') };
    const all = [...stored.releases, kept] as StoredReleases['releases'];
    const files = comparing({ 'a.1.js': FILE, 'b.1.js': FILE });
    const { deleted, left } = await plan({ ...stored, releases: all }, files, { olderThan: DAY });
    expect([deleted, left]).toEqual([['b.1.js'], []]);
  });

  it('is needed if the storage takes it for a live file', async () => {
    const fold = (path: string) => path.toLowerCase();
    const stored = releases(['B.1.js'], ['b.1.js']);
    expect((await plan(stored, comparing({ 'b.1.js': FILE }, { fold }))).deleted).toEqual([]);
    expect((await plan(stored, comparing({ 'b.1.js': FILE }))).deleted).toEqual(['b.1.js']);
  });

  it('stays if it has other bytes, or cannot be compared', async () => {
    const stored = releases([], ['a.1.js', 'b.1.js', 'c.1.js']);
    const files = { 'a.1.js': { size: 4 }, 'b.1.js': { ...FILE, kind: 'link' as const }, 'c.1.js': FILE };
    const proof = { kind: 'hash', algorithm: 'sha384' } as const;
    const { deleted, left } = await plan(stored, inventoryOf(files, { proof }));
    expect(deleted).toEqual([]);
    expect(left).toEqual(['a.1.js (other bytes)', 'b.1.js (other bytes)', 'c.1.js (not comparable)']);
  });

  it('is not looked for outside of the destination, or where nothing is', async () => {
    const stored = releases([], ['../a.js', 'gone.1.js']);
    const { deleted, left } = await plan(stored, comparing({ '../a.js': FILE }));
    expect([deleted, left]).toEqual([[], []]);
  });
});

describe('a file of several releases that go', () => {
  const OTHER: ReleaseFile = { ...FACTS, integrity: 'sha384-other' };
  const LONGER: ReleaseFile = { ...FACTS, size: size + 1 };
  const UNKNOWN: ReleaseFile = {};

  /** What happens to a file that these releases describe, each in its own way. */
  async function fateOf(described: readonly ReleaseFile[], inventory = comparing({ 'a.1.js': FILE })) {
    const published = new Date(Date.now() - 10 * DAY);
    const more = described.map((facts, index) => ({
      ...{ id: `old${index}`, published, ...contents([], `old${index}`) },
      files: new Map([['a.1.js', facts]]),
    }));
    const stored = releases([], []);
    const all = [...stored.releases, ...more] as StoredReleases['releases'];
    const { deleted, left } = await plan({ ...stored, releases: all }, inventory);
    return [...deleted, ...left].join();
  }

  it('is deleted if it is as one of them says', async () => {
    expect(await fateOf([OTHER, FACTS])).toBe('a.1.js');
    expect(await fateOf([FACTS, LONGER])).toBe('a.1.js');
    expect(await fateOf([LONGER, OTHER])).toBe('a.1.js (other bytes)');
  });

  it('stays if it is unknown whether it is as one of them says', async () => {
    expect(await fateOf([UNKNOWN])).toBe('a.1.js (not comparable)');
    expect(await fateOf([UNKNOWN, OTHER])).toBe('a.1.js (not comparable)');
    expect(await fateOf([OTHER, UNKNOWN])).toBe('a.1.js (not comparable)');
    expect(await fateOf([UNKNOWN, FACTS])).toBe('a.1.js');
  });

  it('is named with the first of them', async () => {
    const stored = releases([], ['a.1.js']);
    const removed = { id: 'gone', files: new Map([['a.1.js', FACTS]]), belongsTo: undefined };
    const both = { ...stored, removed: [removed] };
    expect((await plan(both, comparing({ 'a.1.js': FILE }))).files).toEqual([
      { publicPath: 'a.1.js', size: 3, reason: "release 'old' is pruned" },
    ]);
    const only = { ...releases([], []), removed: [removed] };
    expect((await plan(only, comparing({ 'a.1.js': FILE }))).files).toEqual([
      { publicPath: 'a.1.js', size: 3, reason: "release 'gone' was removed" },
    ]);
  });
});

describe('a live manifest without details', () => {
  const old = ['app.js', 'app.1.js.gz', 'app.js.br', 'other.js'];

  it('keeps originals and all variants of its files', async () => {
    const files = Object.fromEntries(old.map((name) => [name, FILE]));
    expect((await plan(releases(['app.1.js'], old, false), comparing(files))).deleted).toEqual(['other.js']);
    expect((await plan(releases(['app.1.js'], old, true), comparing(files))).deleted).toEqual(old);
  });
});

describe('an unused file that the index knows', () => {
  const unused = (ageMs: number) => {
    const since = Date.now() - ageMs;
    return comparing({ 'a.1.js': { size: 99 } }, { unusedFiles: () => [['a.1.js', since] as const] });
  };

  it('is deleted after a week, or the given age, without a look at its bytes', async () => {
    expect((await plan(releases([], []), unused(7 * DAY))).deleted).toEqual(['a.1.js']);
    expect((await plan(releases([], []), unused(7 * DAY - 60_000))).deleted).toEqual([]);
    const { files } = await plan(releases([], []), unused(2 * DAY), { olderThan: 2 * DAY });
    const day = new Date(Date.now() - 2 * DAY).toISOString().slice(0, 10);
    expect(files).toEqual([
      { publicPath: 'a.1.js', size: 99, reason: `not published any more since ${day}` },
    ]);
  });

  it('stays if a live manifest names it', async () => {
    expect((await plan(releases(['a.1.js'], []), unused(30 * DAY))).deleted).toEqual([]);
  });
});

it('a storage that cannot compare bytes is refused', async () => {
  await expect(plan(releases([], []), inventoryOf({}))).rejects.toMatchObject({
    code: 'plugin',
    message:
      'The storage cannot compare files with what was published, so nothing is pruned. ' +
      "It must compare by the hash 'sha384', or its inventory must have the method digest (docs/plugins.md).",
  });
});

it('nothing is planned while a run may still wake up', async () => {
  const until = new Date();
  const quiet = { since: new Date(0), until };
  expect(await plan(releases([], ['a.1.js']), comparing({ 'a.1.js': FILE }, { quiet }))).toMatchObject({
    ...{ releases: [], files: [], spared: [], quietUntil: until },
  });
});
