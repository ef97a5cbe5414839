import fs from 'node:fs';
import path from 'node:path';
import { foldName } from '../../files/name-folding.js';
import { posixDirname } from '../../model/public-path.js';
import { writingTarget } from './copy-file.js';
import type { FolderNames } from './name-probe.js';

/** The spelling of names, in a folder that ignores their letter case and keeps it. */
export interface Spelling {
  /** Whether what is at a path is listed in that letter case, its folders too; also if nothing is there. */
  isRight(publicPath: string): boolean;
  /** Renames what is at a path to that letter case, its folders too. */
  correct(publicPath: string): void;
}

/** @param root absolute path; it need not exist */
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

  /** The name that is listed in other letter case. Another Unicode form of it is no other name to anybody. */
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
    return []; // not there, or no folder
  }
}

function changeCase(dir: string, from: string, to: string): void {
  fs.renameSync(path.join(dir, from), path.join(dir, to));
  if (fs.readdirSync(dir).includes(to)) return;
  // Linux takes both names for one file and does nothing. The name between is not one that the next run sweeps: if this
  // dies here, a folder keeps what it holds.
  const between = path.join(dir, `${from}.renamed`);
  fs.renameSync(path.join(dir, from), between);
  fs.renameSync(between, path.join(dir, to));
}
