import assert from 'node:assert/strict';
import type { Output } from '../../model/output.js';
import type { Inventory } from '../../storages/storage.js';
import type { CaseBody } from '../case.js';
import { expectFiles } from '../expectations.js';
import { NO_SIGNAL, output, publish, publishAll, textOutput } from '../publishing.js';

const FILES = 100;

export const interruptionCases: Readonly<Record<string, CaseBody>> = {
  async 'an aborted run writes nothing'({ open }) {
    const storage = await open();
    await publishAll(storage, [textOutput('a.txt', 'one')]);
    const signal = AbortSignal.abort();
    await assert.rejects(
      publish(storage, { phases: [[textOutput('b.txt', 'two')]], signal }),
      'It did not reject.',
    );
    await expectFiles(await open(), { 'a.txt': 'one' });
  },

  async 'an aborted write rejects, and leaves no half-written file'({ open }) {
    const abort = new AbortController();
    const outputs = Array.from({ length: FILES }, (_, i) => textOutput(`d/${i}.txt`, `file ${i}`));
    const phase = [...outputs.slice(0, 5), abortsWhenRead('d/last-read.txt', abort), ...outputs.slice(5)];
    await assert.rejects(
      publish(await open(), { phases: [phase], signal: abort.signal }),
      'It did not reject.',
    );
    expectWholeFiles(await (await open()).inventory(NO_SIGNAL, { refresh: true }), phase);
    await publishAll(await open(), phase);
    const paths = Object.fromEntries(phase.map(({ publicPath }) => [publicPath, textOf(publicPath)]));
    await expectFiles(await open(), paths);
  },
};

const TEXT_OF_ABORTING = 'aborts';

/** Returns an output that aborts the run when it is read. */
function abortsWhenRead(publicPath: string, abort: AbortController): Output {
  const bytes = Buffer.from(TEXT_OF_ABORTING);
  return output(publicPath, {
    kind: 'bytes',
    get bytes() {
      abort.abort();
      return bytes;
    },
  });
}

function textOf(publicPath: string): string {
  const number = /(\d+)\.txt$/.exec(publicPath)?.[1];
  return number === undefined ? TEXT_OF_ABORTING : `file ${number}`;
}

/** Checks that every file is one of the outputs and has its size. */
function expectWholeFiles(inventory: Inventory, outputs: readonly Output[]): void {
  const sizes = new Map(outputs.map(({ publicPath }) => [publicPath, textOf(publicPath).length]));
  const found = Array.from(inventory.entries(), ([publicPath, { size }]) => [publicPath, size]);
  const wrong = found.filter(([publicPath, size]) => sizes.get(publicPath as string) !== size);
  assert.deepEqual(wrong, [], 'Files that are none of the outputs, or only a part of one.');
}
