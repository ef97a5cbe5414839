import assert from 'node:assert/strict';
import type { CaseBody } from '../case.js';
import { expectFiles, expectTexts } from '../expectations.js';
import { publish, publishAll, textOutput } from '../publishing.js';

/** More than services remove at once, and not so many that those that remove one by one take minutes. */
const MOST_REMOVED = 1200;

export const removalCases: Readonly<Record<string, CaseBody>> = {
  async 'a file is removed, and done once'({ open }) {
    await publishAll(await open(), [textOutput('a.txt', 'one'), textOutput('b.txt', 'two')]);
    const done = await publish(await open(), { phases: [], removed: ['a.txt'] });
    assert.deepEqual(
      done.map(({ publicPath }) => publicPath),
      ['a.txt'],
    );
    await expectFiles(await open(), { 'b.txt': 'two' });
    await expectTexts(await open(), { 'a.txt': undefined });
  },

  async 'a folder that becomes empty is gone'({ open }) {
    await publishAll(await open(), [textOutput('a/b/c.txt', 'one'), textOutput('b.txt', 'two')]);
    await publish(await open(), { phases: [], removed: ['a/b/c.txt'] });
    await expectFiles(await open(), { 'b.txt': 'two' });
  },

  async 'a path where nothing stands can be removed'({ open }) {
    await publishAll(await open(), [textOutput('b.txt', 'two')]);
    await publish(await open(), { phases: [], removed: ['a.txt', 'no/such/folder.txt'] });
    await expectFiles(await open(), { 'b.txt': 'two' });
  },

  async 'a file can be removed twice'({ open }) {
    const storage = await open();
    await publishAll(storage, [textOutput('a.txt', 'one')]);
    await publish(storage, { phases: [], removed: ['a.txt'] });
    await publish(storage, { phases: [], removed: ['a.txt'] });
    await expectFiles(await open(), {});
  },

  async 'only the path itself is removed'({ open }) {
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
    assert.equal(done.length, paths.length, 'How many files were done.');
    await expectFiles(await open(), { 'stays.txt': 'stays.txt' });
  },

  async 'what was removed can be published again'({ open }) {
    const storage = await open();
    await publishAll(storage, [textOutput('a.txt', 'one')]);
    await publish(storage, { phases: [], removed: ['a.txt'] });
    await publishAll(storage, [textOutput('a.txt', 'two')]);
    await expectFiles(await open(), { 'a.txt': 'two' });
  },
};
