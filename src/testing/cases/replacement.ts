import assert from 'node:assert/strict';
import { setImmediate } from 'node:timers/promises';
import type { CaseBody } from '../case.js';
import { expectFiles, expectTexts } from '../expectations.js';
import { publishAll, textOutput } from '../publishing.js';

const SIZE = 300_000;

export const replacementCases: Readonly<Record<string, CaseBody>> = {
  async 'a file is replaced'({ open }) {
    await publishAll(await open(), [textOutput('a.txt', 'one'), textOutput('b.txt', 'stays')]);
    await publishAll(await open(), [textOutput('a.txt', 'longer')]);
    await expectFiles(await open(), { 'a.txt': 'longer', 'b.txt': 'stays' });
    await expectTexts(await open(), { 'a.txt': 'longer' });
  },

  async 'a file of the same size is replaced'({ open }) {
    await publishAll(await open(), [textOutput('a.txt', 'one')]);
    await publishAll(await open(), [textOutput('a.txt', 'two')]);
    await expectFiles(await open(), { 'a.txt': 'two' });
    await expectTexts(await open(), { 'a.txt': 'two' });
  },

  async 'a file that is replaced by the same bytes stays unchanged'({ open }) {
    await publishAll(await open(), [textOutput('a.txt', 'one')]);
    await publishAll(await open(), [textOutput('a.txt', 'one')]);
    await expectFiles(await open(), { 'a.txt': 'one' });
  },

  async 'while a file is replaced, readers see its old or its new text'({ open }) {
    const old = 'a'.repeat(SIZE);
    const next = 'b'.repeat(SIZE);
    await publishAll(await open(), [textOutput('a.txt', old)]);
    const visitor = await open();
    const seen = new Set<string | undefined>();
    const storage = await open();
    let replacing = true;
    const visits = (async () => {
      do {
        seen.add(await visitor.readText('a.txt'));
        await setImmediate(); // a storage may read without yielding
      } while (replacing);
    })();
    await publishAll(storage, [textOutput('a.txt', next)]).finally(() => {
      replacing = false;
    });
    await visits;
    const torn = [...seen].filter((text) => text !== old && text !== next);
    assert.deepEqual(
      torn.map((text) => text?.length),
      [],
      'Sizes of texts that are neither the old nor the new one.',
    );
    await expectTexts(await open(), { 'a.txt': next });
  },
};
