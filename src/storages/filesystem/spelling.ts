import fs from 'node:fs';
import path from 'node:path';
import { foldName } from '../../files/name-folding.js';
import { posixDirname } from '../../model/public-path.js';
import { writingTarget } from './copy-file.js';
import type { FolderNames } from './name-probe.js';

/** The letter case of names, in a folder that ignores letter case but keeps it. */
export interface Spelling {
  /** Whether a path is listed in this letter case, its folders included. True for a missing path. */
  isRight(publicPath: string): boolean;
  /** Renames the file at a path to this letter case, and its folders. */
  correct(publicPath: string): void;
}

/** @param root absolute path of a folder that may be missing */
export function spellingIn(root: string, names: FolderNames): Spelling {
  const listings = new Map<string, Map<string, string>>();
  const rightFolders = new Map<string, boolean>([['', true]]);
  const fold = (name: string) => foldName(name, names);

  function listing(dir: string): Map<string, string> {
    let known = listings.get(dir);
    if (known === undefined) {
      known = new Map(listFolder(path.join(root, dir)).map((name) => [fold(name), name]));
      listings.set(dir, known);
    }
    return known;
  }

  /** Returns the name if it is listed in another letter case. Another Unicode form does not count. */
  function otherSpelling(publicPath: string): string | undefined {
    const name = path.posix.basename(publicPath);
    const listed = listing(posixDirname(publicPath)).get(fold(name));
    return listed === undefined || listed.normalize('NFC') === name.normalize('NFC') ? undefined : listed;
  }

  function isFolderRight(dir: string): boolean {
    let right = rightFolders.get(dir);
    if (right === undefined) {
      right = otherSpelling(dir) === undefined && isFolderRight(posixDirname(dir));
      rightFolders.set(dir, right);
    }
    return right;
  }

  function correct(publicPath: string): void {
    const dir = posixDirname(publicPath);
    if (!isFolderRight(dir)) {
      correct(dir);
      rightFolders.set(dir, true);
    }
    const listed = otherSpelling(publicPath);
    if (listed === undefined) return;
    const name = path.posix.basename(publicPath);
    writingTarget(`${root}/${publicPath}`, () => changeCase(path.join(root, dir), listed, name));
    listing(dir).set(fold(name), name);
  }

  return {
    isRight: (publicPath) =>
      isFolderRight(posixDirname(publicPath)) && otherSpelling(publicPath) === undefined,
    correct,
  };
}

function listFolder(dir: string): readonly string[] {
  try {
    return fs.readdirSync(dir);
  } catch {
    return []; // missing, or not a folder
  }
}

function changeCase(dir: string, from: string, to: string): void {
  fs.renameSync(path.join(dir, from), path.join(dir, to));
  if (fs.readdirSync(dir).includes(to)) return;
  // Linux takes both names for one file and does nothing. The next run does not sweep the temporary name: if this process
  // dies here, a folder keeps its files.
  const between = path.join(dir, `${from}.renamed`);
  fs.renameSync(path.join(dir, from), between);
  fs.renameSync(between, path.join(dir, to));
}
