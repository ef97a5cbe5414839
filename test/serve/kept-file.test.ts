import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { CHUNK_BYTES, type KeptFile, keepFile } from '../../src/serve/bodies/open-file.js';
import { tempTree } from '../finders/temp-tree.js';

const SIZE = 3 * CHUNK_BYTES;

/** A file that is kept open, and was written long ago. */
async function kept(): Promise<{ readonly file: string; readonly keptFile: KeptFile }> {
  const file = path.join(tempTree({ 'large.bin': 'a'.repeat(SIZE) }), 'large.bin');
  fs.utimesSync(file, 1, 1);
  const handle = await fs.promises.open(file);
  const keptFile = keepFile(handle, await handle.stat());
  onTestFinished(() => keptFile.retire());
  return { file, keptFile };
}

/** Writes other bytes of the same length into the file. */
function overwrite(file: string): void {
  fs.writeFileSync(file, 'b'.repeat(SIZE), { flag: 'r+' });
}

const PART = { start: 10, end: 19 };

describe('a kept file', () => {
  test('gives its bytes while it stays as it was hashed', async () => {
    const { keptFile } = await kept();
    expect((await keptFile.read(PART))?.toString()).toBe('aaaaaaaaaa');
  });

  test.each([
    ['overwritten', overwrite],
    ['cut off', (file: string) => fs.truncateSync(file, 5)],
    ['deleted', (file: string) => fs.rmSync(file)],
  ])('that was %s since it was hashed gives no bytes', async (_, change) => {
    const { file, keptFile } = await kept();
    change(file);
    expect(keptFile.isCurrent()).toBe(false);
    expect(await keptFile.read(PART)).toBeUndefined();
  });

  test('that is overwritten while it is sent breaks the answer off', async () => {
    const { file, keptFile } = await kept();
    const chunks = keptFile.body({ start: 0, end: SIZE - 1 }).chunks();
    expect((await chunks.next()).value?.toString()).toBe('a'.repeat(CHUNK_BYTES));
    overwrite(file);
    await expect(chunks.next()).rejects.toThrow('The file changed while it was sent.');
  });
});
