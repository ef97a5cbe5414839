import assert from 'node:assert/strict';
import type { CaseBody } from '../case.js';
import { expectFiles, expectTexts } from '../expectations.js';
import { publish, publishAll, textOutput } from '../publishing.js';

/** More than services remove in one request, but few enough that removing them one by one does not take minutes. */
const MOST_REMOVED = 1200;

export const removalCases: Readonly<Record<string, CaseBody>> = {
  async 'a file is removed, and reported as done once'({ open }) {
    await publishAll(await open(), [textOutput('a.txt', 'one'), textOutput('b.txt', 'two')]);
    const done = await publish(await open(), { phases: [], removed: ['a.txt'] });
    assert.deepEqual(
      done.map(({ publicPath }) => publicPath),
      ['a.txt'],
    );
    await expectFiles(await open(), { 'b.txt': 'two' });
    await expectTexts(await open(), { 'a.txt': undefined });
  },

  async 'a folder that becomes empty is removed'({ open }) {
    await publishAll(await open(), [textOutput('a/b/c.txt', 'one'), textOutput('b.txt', 'two')]);
    await publish(await open(), { phases: [], removed: ['a/b/c.txt'] });
    await expectFiles(await open(), { 'b.txt': 'two' });
  },

  async 'removing a missing path succeeds'({ open }) {
    await publishAll(await open(), [textOutput('b.txt', 'two')]);
    await publish(await open(), { phases: [], removed: ['a.txt', 'no/such/folder.txt'] });
    await expectFiles(await open(), { 'b.txt': 'two' });
  },

  async 'removing a file twice succeeds'({ open }) {
    const storage = await open();
    await publishAll(storage, [textOutput('a.txt', 'one')]);
    await publish(storage, { phases: [], removed: ['a.txt'] });
    await publish(storage, { phases: [], removed: ['a.txt'] });
    await expectFiles(await open(), {});
  },

  async 'only the named paths are removed'({ open }) {
    const names = ['a b.txt', 'a+b.txt', 'a%20b.txt', 'a b.txt.gz', 'a*.txt', 'ab.txt'];
    await publishAll(
      await open(),
      names.map((name) => textOutput(name, name)),
    );
    await publish(await open(), { phases: [], removed: ['a b.txt', 'a*.txt'] });
    const rest = names.filter((name) => name !== 'a b.txt' && name !== 'a*.txt');
    await expectFiles(await open(), Object.fromEntries(rest.map((name) => [name, name])));
  },

  async 'many files are removed'({ open, files }) {
    const paths = Array.from({ length: Math.min(files, MOST_REMOVED) }, (_, i) => `d${i % 7}/${i}.txt`);
    await publishAll(
      await open(),
      [...paths, 'stays.txt'].map((publicPath) => textOutput(publicPath, publicPath)),
    );
    const done = await publish(await open(), { phases: [], removed: paths });
    assert.equal(done.length, paths.length, 'The number of files that were done.');
    await expectFiles(await open(), { 'stays.txt': 'stays.txt' });
  },

  async 'a removed file can be published again'({ open }) {
    const storage = await open();
    await publishAll(storage, [textOutput('a.txt', 'one')]);
    await publish(storage, { phases: [], removed: ['a.txt'] });
    await publishAll(storage, [textOutput('a.txt', 'two')]);
    await expectFiles(await open(), { 'a.txt': 'two' });
  },
};
