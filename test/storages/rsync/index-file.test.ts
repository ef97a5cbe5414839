import { expect, it } from 'vitest';
import { type IndexedFile, indexText, parseIndex } from '../../../src/storages/rsync/index-file.js';

const HASH = 'ab'.repeat(48);

const FILES: ReadonlyMap<string, IndexedFile> = new Map([
  ['css/app.css', { size: 12, hash: HASH, immutable: false }],
  ['css/app.0a1b2c3d4e5f.css', { size: 12, hash: HASH, immutable: true }],
  ['css/old.css', { size: 12, md5: 'cd'.repeat(16), immutable: false }],
  ['"odd"\n __proto__', { size: 0, immutable: false }],
  ['__proto__', { size: 1, immutable: false }],
]);

it.each([{ open: true }, { open: false }])('is read as it was written: $open', ({ open }) => {
  const index = { run: 'one', open, files: FILES };
  expect(parseIndex(indexText(index))).toEqual(index);
});

it('has a line for each file', () => {
  const text = indexText({ run: 'one', open: false, files: new Map([...FILES].slice(0, 1)) });
  expect(text).toBe(
    `{"format":"rsync 1.0","run":"one","open":false, "files": {\n"css/app.css": [12,"${HASH}",false]\n}}\n`,
  );
});

it.each([
  ['half a text', (text: string) => text.slice(0, -20)],
  ['another format', (text: string) => text.replace('rsync 1.0', 'rsync 2.0')],
  ['an invalid size', (text: string) => text.replace('[12,', '["12",')],
  ['an invalid hash', (text: string) => text.replaceAll(HASH, 'ab')],
  ['a path that leads out of the destination', (text: string) => text.replace('css/app', '../app')],
  ['a list for the files', (text: string) => text.replace(/\{\n[\s\S]*\}\}/, '[]}')],
  ['no state', (text: string) => text.replace('"open":false', '"open":1')],
])('is undefined with %s', (_, damage) => {
  const text = indexText({ run: 'one', open: false, files: FILES });
  expect(damage(text)).not.toBe(text);
  expect(parseIndex(damage(text))).toBeUndefined();
});
