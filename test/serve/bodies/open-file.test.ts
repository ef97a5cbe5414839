import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { CHUNK_BYTES, hashOf, keepOpen, type OpenFile } from '../../../src/serve/bodies/open-file.js';
import { tempTree } from '../../finders/temp-tree.js';

const SIZE = 3 * CHUNK_BYTES;

/** Opens a file that was written long ago. */
async function opened(): Promise<{ readonly file: string; readonly openFile: OpenFile }> {
  const file = path.join(tempTree({ 'large.bin': 'a'.repeat(SIZE) }), 'large.bin');
  fs.utimesSync(file, 1, 1);
  const handle = await fs.promises.open(file);
  const openFile = keepOpen(handle, await handle.stat(), (await hashOf(handle.fd, SIZE))!);
  onTestFinished(() => openFile.retire());
  return { file, openFile };
}

/** Writes other bytes of the same length into the file. */
function overwrite(file: string): void {
  fs.writeFileSync(file, 'b'.repeat(SIZE), { flag: 'r+' });
}

const PART = { start: 10, end: 19 };

describe('an open file', () => {
  test('returns its bytes while it is unchanged', async () => {
    const { openFile } = await opened();
    expect((await openFile.read(PART))?.toString()).toBe('aaaaaaaaaa');
  });

  test.each([
    ['overwritten', overwrite],
    ['truncated', (file: string) => fs.truncateSync(file, 5)],
    ['deleted', (file: string) => fs.rmSync(file)],
  ])('that was %s since it was hashed returns no bytes', async (_, change) => {
    const { file, openFile } = await opened();
    change(file);
    expect(openFile.isCurrent()).toBe(false);
    expect(await openFile.read(PART)).toBeUndefined();
  });

  test.each([
    ['deleted', (file: string) => fs.rmSync(file)],
    [
      'replaced',
      (file: string) => {
        fs.writeFileSync(`${file}.new`, 'b'.repeat(SIZE));
        fs.utimesSync(`${file}.new`, 1, 1);
        fs.renameSync(`${file}.new`, file);
      },
    ],
    ['linked to', (file: string) => fs.linkSync(file, `${file}.link`)],
    ['given another mode', (file: string) => fs.chmodSync(file, 0o600)],
  ])('that is %s while it is sent is sent to its end', async (_, change) => {
    const { file, openFile } = await opened();
    const sent = [openFile, openFile].map((each) => each.body({ start: 0, end: SIZE - 1 }).chunks());
    for (const chunks of sent) await chunks.next();
    change(file);
    openFile.retire();
    for (const chunks of sent) {
      let rest = '';
      for await (const chunk of chunks) rest += chunk;
      expect(rest).toBe('a'.repeat(SIZE - CHUNK_BYTES));
    }
  });

  test('that gets other bytes but its old time while it is sent aborts the response', async () => {
    const { file, openFile } = await opened();
    const chunks = openFile.body({ start: 0, end: SIZE - 1 }).chunks();
    await chunks.next();
    overwrite(file);
    fs.utimesSync(file, 1, 1);
    await expect(chunks.next()).rejects.toThrow('The file changed while it was sent.');
  });

  test('that is overwritten while it is sent aborts the response', async () => {
    const { file, openFile } = await opened();
    const chunks = openFile.body({ start: 0, end: SIZE - 1 }).chunks();
    expect((await chunks.next()).value?.toString()).toBe('a'.repeat(CHUNK_BYTES));
    overwrite(file);
    await expect(chunks.next()).rejects.toThrow('The file changed while it was sent.');
  });
});
