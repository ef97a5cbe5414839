import assert from 'node:assert/strict';
import type { CaseBody } from '../case.js';
import { expectFiles, expectTexts } from '../expectations.js';
import { NO_SIGNAL, publish, publishAll, requestsOf, textOutput, writeAll } from '../publishing.js';

export const writingCases: Readonly<Record<string, CaseBody>> = {
  async 'each file is reported as done once'({ open }) {
    const paths = Array.from({ length: 40 }, (_, i) => `${i}.txt`);
    const written = await publishAll(
      await open(),
      paths.map((publicPath) => textOutput(publicPath, publicPath)),
    );
    assert.deepEqual(written.map(({ publicPath }) => publicPath).sort(), paths.sort());
  },

  async 'all files of a phase are complete before the next one begins'({ open }) {
    const storage = await open();
    const visitor = await open();
    await storage.inventory(NO_SIGNAL);
    const first = Array.from({ length: 20 }, (_, i) => [`css/${i}.css`, `${i} {}`] as const);
    const outputs = first.map(([publicPath, text]) => textOutput(publicPath, text));
    await storage.write(requestsOf(outputs), { done: () => {}, signal: NO_SIGNAL });
    await expectTexts(visitor, { ...Object.fromEntries(first), 'staticfiles.json': undefined });
    await writeAll(storage, { phases: [[textOutput('staticfiles.json', '{}')]] });
    await expectTexts(visitor, { 'staticfiles.json': '{}' });
  },

  async 'a phase without files changes nothing'({ open }) {
    await publishAll(await open(), [textOutput('a.txt', 'one')]);
    await publish(await open(), { phases: [[], []] });
    await expectFiles(await open(), { 'a.txt': 'one' });
  },

  async 'a later run keeps the files of an earlier one'({ open }) {
    await publishAll(await open(), [textOutput('a.txt', 'one')]);
    await publishAll(await open(), [textOutput('b.txt', 'two')]);
    await expectFiles(await open(), { 'a.txt': 'one', 'b.txt': 'two' });
  },
};
