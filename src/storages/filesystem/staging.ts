import fs from 'node:fs';
import path from 'node:path';
import { systemErrorCode } from '../../errors.js';
import { posixDirname } from '../../model/public-path.js';
import { writingTarget } from './copy-file.js';
import { temporaryPrefix } from './sweep.js';

/**
 * Where files are written before they get their names. All of a phase is written here first and then renamed into
 * place, so that a full disk or a kill leaves what was published as it was. A folder that does not exist yet is
 * built here as a whole and takes one rename.
 */
export interface Staging {
  /** Where to write the file of a public path; makes the folders it needs. */
  pathFor(publicPath: string): string;
  /** Holds all that was written; it is at the destination. */
  readonly folder: string;
  /** Where a file can be made to try something out; it goes with {@link Staging.discard}. */
  probePath(): string;
  /**
   * Renames everything into place. A file where a folder is to be, and the reverse, is removed right before.
   *
   * @returns the folders in which there are other names now
   */
  place(): Promise<readonly string[]>;
  /** Removes what is left here. */
  discard(): void;
}

interface Move {
  readonly staged: string;
  readonly publicPath: string;
}

export interface StagingOptions {
  /** The mode of new folders; by the umask without one. */
  readonly directoryMode?: number | undefined;
  /** Called with what must be written before it gets its name, where it is copied once more. */
  readonly flush?: ((place: string) => Promise<void>) | undefined;
}

/** @param root the destination, absolute; it exists */
export function openStaging(root: string, { directoryMode, flush }: StagingOptions = {}): Staging {
  const temporary = writingTarget(root, () => fs.mkdtempSync(path.join(root, temporaryPrefix())));
  const moves: Move[] = [];
  /** For each folder seen: where it is being built, or `undefined` where it stands already. */
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
    const stands = fs.lstatSync(`${root}/${dir}`, { throwIfNoEntry: false })?.isDirectory();
    return stands ? undefined : newMove(dir);
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
      return `${staged}/${dir === '' ? publicPath : publicPath.slice(dir.length + 1)}`;
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

/** Where even this fails, the error that led here says more, and the next run sweeps the folder. */
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

/** A rename fails where a folder would replace something else, or something else a folder. */
function replaceWrongType(staged: string, target: string, error: unknown): void {
  const standing = fs.lstatSync(target, { throwIfNoEntry: false });
  if (standing === undefined) throw error;
  const folderInTheWay = standing.isDirectory();
  if (folderInTheWay === fs.lstatSync(staged).isDirectory()) throw error;
  fs.rmSync(target, { recursive: folderInTheWay });
  fs.renameSync(staged, target);
}

/** A folder inside the destination may be a mount of its own: copied beside the target, then renamed. */
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
