import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll } from 'vitest';
import { type TreeInput, writeTree } from '../support/tree.js';

const made: string[] = [];

afterAll(() => {
  for (const dir of made.splice(0)) fs.rmSync(dir, { recursive: true, force: true });
});

/** A fresh folder with that in it and nothing else; its absolute path, without links. */
export function newFolder(tree: TreeInput = {}): string {
  const dir = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'staticfiles-settings-')));
  made.push(dir);
  writeTree(dir, tree);
  return dir;
}
