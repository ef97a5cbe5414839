import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterFile } from '../support/after-file.js';
import { type TreeInput, writeTree } from '../support/tree.js';

/** A fresh folder with that in it and nothing else; its absolute path, without links. */
export function newFolder(tree: TreeInput = {}): string {
  const dir = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'staticfiles-settings-')));
  afterFile(() => fs.rmSync(dir, { recursive: true, force: true }));
  writeTree(dir, tree);
  return dir;
}
