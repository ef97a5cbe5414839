import assert from 'node:assert/strict';
import type { Output } from '../../model/output.js';
import { type CaseBody, DoesNotApply } from '../case.js';
import { expectFiles, expectTexts } from '../expectations.js';
import { NO_SIGNAL, publish, publishAll, textOutput } from '../publishing.js';

const PLAIN = textOutput('a.txt', 'one');
/** The same file with another header. Its bytes need not match it. */
const CODED: Output = { ...PLAIN, contentEncoding: 'gzip' };

export const headerCases: Readonly<Record<string, CaseBody>> = {
  async 'the inventory knows the headers of a file'({ open }) {
    await publishAll(await open(), [PLAIN, textOutput('b.css', 'b {}')]);
    const inventory = await (await open()).inventory(NO_SIGNAL);
    if (inventory.hasHeaders === undefined) throw new DoesNotApply();
    const known = [PLAIN, textOutput('b.css', 'b {}'), CODED].map((each) => inventory.hasHeaders?.(each));
    assert.deepEqual(
      known,
      [true, true, false],
      'Whether the files have these headers: their own, their own, others.',
    );
  },

  async 'a file gets other headers, and keeps its bytes'({ open }) {
    await publishAll(await open(), [PLAIN]);
    const storage = await open();
    if ((await storage.inventory(NO_SIGNAL)).hasHeaders === undefined) throw new DoesNotApply();
    const done = await publish(storage, { phases: [[CODED]], headersOnly: true });
    assert.deepEqual(
      done.map(({ publicPath }) => publicPath),
      ['a.txt'],
    );
    const inventory = await (await open()).inventory(NO_SIGNAL);
    assert.deepEqual([inventory.hasHeaders?.(CODED), inventory.hasHeaders?.(PLAIN)], [true, false]);
    await publish(await open(), { phases: [[PLAIN]], headersOnly: true });
    await expectFiles(await open(), { 'a.txt': 'one' });
    await expectTexts(await open(), { 'a.txt': 'one' });
  },
};
