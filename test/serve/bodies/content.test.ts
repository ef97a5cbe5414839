import fs from 'node:fs';
import path from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { contentInfo } from '../../../src/model/content.js';
import { readContent } from '../../../src/serve/bodies/content.js';
import { CHUNK_BYTES } from '../../../src/serve/bodies/open-file.js';
import { tempTree } from '../../finders/temp-tree.js';

const SIZE = 3 * CHUNK_BYTES;

test.each([
  ['in memory', SIZE],
  ['in its file', 0],
])('a file that changes while it is read is read again: %s', async (_, maxInMemory) => {
  const file = path.join(tempTree({ 'large.bin': 'a'.repeat(SIZE) }), 'large.bin');
  fs.utimesSync(file, 1, 1);
  const after = Buffer.alloc(SIZE, 'b');
  const { open } = fs.promises;
  const spy = vi.spyOn(fs.promises, 'open').mockImplementationOnce(async (...args) => {
    const handle = await open(...args);
    const stat = handle.stat.bind(handle);
    vi.spyOn(handle, 'stat').mockImplementationOnce(async () => {
      const stats = await stat();
      fs.writeFileSync(file, after.subarray(CHUNK_BYTES), { flag: 'r+' });
      return stats;
    });
    return handle;
  });
  const content = await readContent(file, undefined, maxInMemory);
  onTestFinished(() => {
    if (content !== undefined && !Buffer.isBuffer(content.bytes)) content.bytes.retire();
  });
  expect(spy).toHaveBeenCalledTimes(2);
  expect(content?.mtimeMs).toBe(fs.statSync(file).mtimeMs);
  expect(content?.integrity).toBe(contentInfo(fs.readFileSync(file), 'md5').integrity);
  spy.mockRestore();
});
