import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { NAME_BYTES } from '../../src/cache/pack-file.js';
import { addPack, packsFolder } from '../../src/cache/packs.js';
import { inspectCache, pruneCache } from '../../src/cache/prune-cache.js';
import { usesFolder, writeUses } from '../../src/cache/uses.js';
import { newProject, type Project } from '../support/project.js';

const NOW = Date.now();
const DAY = 24 * 60 * 60 * 1000;
const daysAgo = (days: number) => (NOW - days * DAY) / 1000;
const nameOf = (number: number) => Buffer.alloc(NAME_BYTES, number).toString('base64url');
const LIMITS = { maxAgeDays: 30, maxSize: 1e9, now: NOW };

/** Files in a cache besides packs, and their ages in days. */
const TREE = {
  'cache/.gitignore': '*\n',
  'cache/records/0123456789abcdef.bin': { text: 'record', mtime: daysAgo(1) },
  'cache/records/fedcba9876543210.bin': { text: 'old record', mtime: daysAgo(31) },
  'cache/records/0123456789abcdef.bin.1.tmp': { text: 'left', mtime: daysAgo(1) },
  'cache/records/0123456789abcdef.bin.2.tmp': { text: 'being written', mtime: daysAgo(0) },
  'cache/rsync/run-abc/css/a.css': { text: 'left', mtime: daysAgo(2) },
  'cache/compressed/ab/cdef-br-11-1.1.0': { text: 'of an earlier version', mtime: daysAgo(40) },
  'cache/compressed/ef/cdef-br-11-1.1.0': { text: 'of an earlier version', mtime: daysAgo(3) },
  'cache/locks/0123456789abcdef.json': { text: '{}', mtime: daysAgo(100) },
  'cache/theirs.txt': { text: 'none of ours', mtime: daysAgo(100) },
};

/** Adds a pack with contents, each with its age in days. */
function addContents(project: Project, contents: Readonly<Record<number, number>>, size = 100) {
  return addPack(
    packsFolder(project.path('cache')),
    Object.entries(contents).map(([number, days]) => ({
      name: nameOf(Number(number)),
      bytes: Buffer.alloc(size, Number(number)),
      day: Math.floor(NOW / DAY) - days,
    })),
  );
}

/** Notes that a project used contents, and how many days ago. */
function use(project: Project, numbers: readonly number[], days: number): void {
  const list = path.join(usesFolder(project.path('cache')), `project-${numbers.join('-')}`);
  writeUses(list, { names: new Set(numbers.map(nameOf)), packs: new Map() });
  fs.utimesSync(list, daysAgo(days), daysAgo(days));
}

describe('staticfiles cache', () => {
  it('counts everything in the folder', () => {
    const project = newProject(TREE);
    const { file } = addContents(project, { 1: 0, 2: 0 });
    addContents(project, { 2: 0 });
    use(project, [1], 0);
    const report = inspectCache(project.path('cache'));
    expect(report).toMatchObject({
      folder: project.path('cache'),
      entries: 2,
      packs: 2,
      records: 2,
      temporaries: 3,
      others: 4,
    });
    const texts = Object.values(project.texts('cache'));
    expect(report.size).toBeGreaterThan(texts.length * 4 + fs.statSync(file).size);
    expect(report.sizeOnDisk).toBeGreaterThan(report.size);
    expect(report.sizeOnDisk % 512).toBe(0);
  });

  it('counts nothing if there is no folder', () => {
    const folder = newProject({}).path('cache');
    expect(inspectCache(folder)).toEqual({
      ...{ folder, entries: 0, packs: 0, records: 0, temporaries: 0, others: 0, size: 0, sizeOnDisk: 0 },
    });
  });

  it('deletes what is too old and what killed runs left, and never a foreign file', () => {
    const project = newProject(TREE);
    const { deleted, ...left } = pruneCache(project.path('cache'), LIMITS);
    expect(deleted).toEqual({ entries: 0, records: 1, temporaries: 2, others: 1, size: 39 });
    expect(left).toMatchObject({ records: 1, temporaries: 1, others: 3 });
    expect(Object.keys(project.texts('cache'))).toEqual([
      '.gitignore',
      'compressed/ef/cdef-br-11-1.1.0',
      'locks/0123456789abcdef.json',
      'records/0123456789abcdef.bin',
      'records/0123456789abcdef.bin.2.tmp',
      'theirs.txt',
    ]);
    expect(project.emptyFolders('cache')).toEqual([]);
  });

  it('keeps a content while a project uses it', () => {
    const project = newProject({});
    const whole = addContents(project, { 1: 1, 2: 2 });
    addContents(project, { 3: 40, 4: 40, 5: 40 });
    use(project, [3, 4], 10);
    use(project, [4, 5], 35);
    const { entries, deleted } = pruneCache(project.path('cache'), LIMITS);
    expect([entries, deleted.entries]).toEqual([4, 1]);
    expect(fs.existsSync(whole.file)).toBe(true); // a pack that loses nothing is left as it is
    expect(fs.readdirSync(usesFolder(project.path('cache')))).toEqual(['project-3-4']);
    expect(pruneCache(project.path('cache'), LIMITS).deleted.entries).toBe(0);
  });

  it('keeps what was used last if the cache is too large', () => {
    const project = newProject({});
    addContents(project, { 1: 5, 2: 3, 3: 4 }, 10_000);
    const { entries } = pruneCache(project.path('cache'), { ...LIMITS, maxSize: 21_000 });
    expect(entries).toBe(2);
    expect(pruneCache(project.path('cache'), { ...LIMITS, maxSize: 0 })).toMatchObject({
      entries: 0,
      packs: 0,
    });
  });

  it('deletes everything with an age of 0 days', () => {
    const project = newProject({});
    addContents(project, { 1: 0 });
    use(project, [1], 0.001);
    pruneCache(project.path('cache'), { ...LIMITS, maxAgeDays: 0 });
    expect(project.texts('cache')).toEqual({});
  });

  it('deletes a pack that does not verify', () => {
    const project = newProject({ 'cache/compressed/packs/00000009-00000000.pack': 'no pack' });
    addContents(project, { 1: 0 });
    expect(pruneCache(project.path('cache'), LIMITS)).toMatchObject({ entries: 1, packs: 1 });
  });
});
