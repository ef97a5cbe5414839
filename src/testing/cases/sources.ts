import assert from 'node:assert/strict';
import fs from 'node:fs';
import type { Body } from '../../model/output.js';
import type { CaseBody, CaseContext } from '../case.js';
import { expectFiles, expectTexts } from '../expectations.js';
import { fileBody, output, publishAll, rewrittenBody, textOutput } from '../publishing.js';

export const sourceCases: Readonly<Record<string, CaseBody>> = {
  async 'a source that has changed since the run looked at it is not published'(context) {
    const body = fileBody(context.folder, 'a.txt', 'before');
    fs.writeFileSync(body.file, 'after it');
    await expectRefused(context, body);
  },

  async 'a rewritten source that has changed since the run looked at it is not published'(context) {
    const body = rewrittenBody(context.folder, 'a.css', 'before', [{ offset: 1, text: 'x' }]);
    fs.writeFileSync(body.rewritten, 'after it');
    await expectRefused(context, body);
  },

  async 'a large source that has changed since the run looked at it is not published'(context) {
    const body = fileBody(context.folder, 'a.mp4', Buffer.alloc(context.largeSize, 1));
    fs.writeFileSync(body.file, Buffer.alloc(context.largeSize + 1, 2));
    await expectRefused(context, body);
  },

  async 'a source that is gone fails the run, and the live file stays'(context) {
    const body = fileBody(context.folder, 'a.txt', 'before');
    fs.rmSync(body.file);
    await expectRefused(context, body);
  },
};

/** Checks that the write fails, that a new path stays free, and that an existing file stays. */
async function expectRefused({ open }: CaseContext, body: Body): Promise<void> {
  await publishAll(await open(), [textOutput('live.txt', 'live')]);
  for (const publicPath of ['new.txt', 'live.txt']) {
    await assert.rejects(
      publishAll(await open(), [output(publicPath, body)]),
      `The storage published '${publicPath}' from a source that has changed.`,
    );
  }
  await expectTexts(await open(), { 'new.txt': undefined, 'live.txt': 'live' });
  await publishAll(await open(), [textOutput('next.txt', 'next')]);
  await expectFiles(await open(), { 'live.txt': 'live', 'next.txt': 'next' });
}
