import fs from 'node:fs';
import path from 'node:path';
import { systemErrorCode } from '../../errors.js';
import { posixDirname } from '../../model/public-path.js';
import { writingTarget } from './copy-file.js';
import { temporaryPrefix } from './sweep.js';

/**
 * The folder where files are written before they get their names. All files of a phase are written first and renamed then.
 * So a full disk or a kill leaves the published files unchanged. A new folder is built here as a whole and needs one rename.
 */
export interface Staging {
  /** Returns where to write the file of a public path, and creates the folders for it. */
  pathFor(publicPath: string): string;
  /** The folder itself, at the top of the destination. */
  readonly folder: string;
  /** Returns a path for a temporary file. {@link Staging.discard} removes it. */
  probePath(): string;
  /**
   * Renames everything into place. A file that must become a folder is removed right before, and the reverse.
   *
   * @returns the folders whose names have changed
   */
  place(): Promise<readonly string[]>;
  /** Removes everything that is still here. */
  discard(): void;
}

interface Move {
  readonly staged: string;
  readonly publicPath: string;
}

export interface StagingOptions {
  /** The mode of new folders. Default: the umask's. */
  readonly directoryMode?: number | undefined;
  /** Flushes a file or folder to the disk. Called for copies that are made while placing. */
  readonly flush?: ((file: string) => Promise<void>) | undefined;
}

/** @param root the absolute path of the destination, which exists */
export function openStaging(root: string, { directoryMode, flush }: StagingOptions = {}): Staging {
  const temporary = writingTarget(root, () => fs.mkdtempSync(path.join(root, temporaryPrefix())));
  const moves: Move[] = [];
  /** For each folder seen: where it is being built, or `undefined` if it exists already. */
  const stagedFolders = new Map<string, string | undefined>([['', undefined]]);

  function newMove(publicPath: string): string {
    const staged = `${temporary}/${moves.length}`;
    moves.push({ staged, publicPath });
    return staged;
  }

  function stagedFolder(dir: string): string | undefined {
    if (stagedFolders.has(dir)) return stagedFolders.get(dir);
    const parent = stagedFolder(posixDirname(dir));
    const staged = parent === undefined ? stageTopFolder(dir) : `${parent}/${path.posix.basename(dir)}`;
    if (staged !== undefined) makeFolder(staged, dir);
    stagedFolders.set(dir, staged);
    return staged;
  }

  function stageTopFolder(dir: string): string | undefined {
    const exists = fs.lstatSync(`${root}/${dir}`, { throwIfNoEntry: false })?.isDirectory();
    return exists ? undefined : newMove(dir);
  }

  function makeFolder(staged: string, dir: string): void {
    writingTarget(`${root}/${dir}`, () => {
      fs.mkdirSync(staged);
      if (directoryMode !== undefined) fs.chmodSync(staged, directoryMode);
    });
  }

  return {
    pathFor(publicPath) {
      const dir = posixDirname(publicPath);
      const staged = stagedFolder(dir);
      if (staged === undefined) return newMove(publicPath);
      return `${staged}/${publicPath.slice(dir.length + 1)}`;
    },
    probePath: () => `${temporary}/probe`,
    folder: temporary,
    async place() {
      for (const { staged, publicPath } of moves) await placeOne(staged, `${root}/${publicPath}`, flush);
      return [...new Set(moves.map(({ publicPath }) => path.join(root, posixDirname(publicPath))))];
    },
    discard: () => removeIfPossible(temporary),
  };
}

/** Ignores a failure: an earlier error says more, and the next run sweeps the folder. */
function removeIfPossible(folder: string): void {
  try {
    fs.rmSync(folder, { recursive: true, force: true });
  } catch (error) {
    if (systemErrorCode(error) === undefined) throw error;
  }
}

async function placeOne(staged: string, target: string, flush: StagingOptions['flush']): Promise<void> {
  try {
    fs.renameSync(staged, target);
  } catch (error) {
    const code = systemErrorCode(error);
    if (code === 'EXDEV') await moveAcrossDevices(staged, target, flush);
    else writingTarget(target, () => replaceWrongType(staged, target, error));
  }
}

/** A rename fails if a folder would replace something else, or something else a folder. */
function replaceWrongType(staged: string, target: string, error: unknown): void {
  const present = fs.lstatSync(target, { throwIfNoEntry: false });
  if (present === undefined) throw error;
  const folderInTheWay = present.isDirectory();
  if (folderInTheWay === fs.lstatSync(staged).isDirectory()) throw error;
  fs.rmSync(target, { recursive: folderInTheWay });
  fs.renameSync(staged, target);
}

/** Copies to a temporary name beside the target and renames then: a folder of the destination may be another mount. */
async function moveAcrossDevices(
  staged: string,
  target: string,
  flush: StagingOptions['flush'],
): Promise<void> {
  const { default: fsExtra } = await import('fs-extra');
  const beside = path.join(path.dirname(target), path.basename(path.dirname(staged)));
  writingTarget(target, () => fsExtra.copySync(staged, beside, { preserveTimestamps: true }));
  await flush?.(beside);
  writingTarget(target, () => fs.renameSync(beside, target));
}
