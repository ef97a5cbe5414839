import assert from 'node:assert/strict';
import type { CaseBody } from '../case.js';
import { expectFiles, expectTexts } from '../expectations.js';
import { NO_SIGNAL, publishAll, textOutput } from '../publishing.js';

export const inventoryCases: Readonly<Record<string, CaseBody>> = {
  async 'an empty destination has no files'({ open }) {
    await expectFiles(await open(), {});
    await expectTexts(await open(), { 'a.txt': undefined });
  },

  async 'a published file is in the inventory, with its size and a proof of its bytes'({ open }) {
    await publishAll(await open(), [textOutput('a.txt', 'one'), textOutput('css/deep/b.css', 'b {}')]);
    await expectFiles(await open(), { 'a.txt': 'one', 'css/deep/b.css': 'b {}' });
  },

  async 'an inventory has nothing for paths without a file'({ open }) {
    await publishAll(await open(), [textOutput('css/a.css', 'a {}')]);
    const inventory = await (await open()).inventory(NO_SIGNAL);
    for (const publicPath of ['a.css', 'css/a', 'css/a.css.gz', 'css/a.css/b', '__proto__']) {
      assert.equal(inventory.get(publicPath), undefined, `The inventory has an entry for '${publicPath}'.`);
    }
  },

  async 'many files are published, and all are found again'({ open, files }) {
    const outputs = Array.from({ length: files }, (_, i) => textOutput(`d${i % 7}/${i}.txt`, `file ${i}`));
    const written = await publishAll(await open(), outputs);
    assert.equal(written.length, files, 'The number of files that were done.');
    const inventory = await (await open()).inventory(NO_SIGNAL, { refresh: true });
    const found = Array.from(inventory.entries(), ([publicPath]) => publicPath);
    assert.deepEqual(found.sort(), outputs.map(({ publicPath }) => publicPath).sort());
  },
};
