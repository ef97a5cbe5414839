import { createHash } from 'node:crypto';
import fs, { type Stats } from 'node:fs';
import path from 'node:path';
import { StaticFilesError, systemErrorCode } from '../../errors.js';
import { cannotRead, fileHasBytes, fillFrom, openSource, sameFileBytes } from '../../files/bytes.js';
import { foldName } from '../../files/name-folding.js';
import { readBody } from '../../model/body.js';
import { type DecodedInfo, decodesTo } from '../../model/decode.js';
import type { Body } from '../../model/output.js';
import { posixDirname } from '../../model/public-path.js';
import type { Inventory, StoredFile } from '../storage.js';
import type { FolderNames } from './name-probe.js';
import { isDestination, nestedDestinations } from './nested-destinations.js';
import { isReservedName } from './reserved-names.js';
import { spellingIn } from './spelling.js';

export interface FolderInventoryOptions {
  /** The mode of published files, if the settings have one. */
  readonly fileMode: number | undefined;
  /** How the folder compares names. */
  readonly names: FolderNames;
  /** Whether a run has published there before. */
  readonly hasRun: boolean;
}

/**
 * Returns the inventory of a folder. Files are looked up when they are asked for, and links are never followed. After a
 * first missing file its folder is listed, so that further ones cost no system call.
 *
 * @param root absolute path of a folder that may be missing
 */
export function folderInventory(root: string, options: FolderInventoryOptions): Inventory {
  const { fileMode, names, hasRun } = options;
  const folders = new Map<string, KnownFolder>([['', {}]]);
  const isExact = !names.ignoresCase && !names.ignoresForm;
  const fold = (name: string) => (isExact ? name : foldName(name, names));

  function folder(dir: string): KnownFolder {
    let known = folders.get(dir);
    if (known === undefined) {
      known = get(dir)?.kind === 'directory' ? {} : { names: new Set() };
      folders.set(dir, known);
    }
    return known;
  }

  /** The folder of the last path: those of one folder follow one another. */
  let last: { readonly dir: string; readonly known: KnownFolder } | undefined;

  function folderAt(
    publicPath: string,
    slash: number,
  ): { readonly dir: string; readonly known: KnownFolder } {
    if (last?.dir.length === slash && publicPath.startsWith(last.dir)) return last;
    const dir = posixDirname(publicPath);
    last = { dir, known: folder(dir) };
    return last;
  }

  function get(publicPath: string): StoredFile | undefined {
    const slash = publicPath.lastIndexOf('/');
    const { dir, known } = folderAt(publicPath, slash);
    if (known.names?.size === 0) return undefined;
    if (known.names && !known.names.has(fold(publicPath.slice(slash + 1)))) return undefined;
    const filePath = `${root}/${publicPath}`;
    const stats = fs.lstatSync(filePath, { throwIfNoEntry: false });
    if (stats !== undefined) return describe(filePath, stats);
    known.names ??= new Set(listFolder(path.join(root, dir)).map(fold));
    return undefined;
  }

  return {
    proof: { kind: 'stat' },
    get,
    entries: () => walk(root, ''),
    hasRun,
    nested: () => nestedDestinations(root),
    ...(!isExact && { fold }),
    ...(names.ignoresCase && names.keepsCase && { hasSpelling: spellingIn(root, names).isRight }),
    hasBytes: (publicPath, body) => hasBytes(`${root}/${publicPath}`, body),
    digest: async (publicPath, algorithm) => digestOf(`${root}/${publicPath}`, algorithm),
    decodesTo: (publicPath, encoding, content) => fileDecodesTo(`${root}/${publicPath}`, encoding, content),
    ...(fileMode !== undefined && { fileMode }),
  };
}

/** The names in a folder, once it was listed. A missing folder has none. */
interface KnownFolder {
  names?: ReadonlySet<string>;
}

function listFolder(dir: string): string[] {
  try {
    return fs.readdirSync(dir);
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return [];
    throw cannotRead('target', `'${dir}'`, error);
  }
}

function describe(filePath: string, stats: Stats): StoredFile {
  const { size, mtimeMs } = stats;
  const mode = stats.mode & 0o7777;
  if (stats.isFile()) return { kind: 'file', size, mtimeMs, mode };
  if (stats.isSymbolicLink()) return { kind: 'link', size, mtimeMs, linkTarget: fs.readlinkSync(filePath) };
  return { kind: stats.isDirectory() ? 'directory' : 'other', size, mtimeMs, mode };
}

function hasBytes(filePath: string, body: Body): boolean {
  return body.kind === 'file' ? sameFileBytes(filePath, body.file) : fileHasBytes(filePath, readBody(body));
}

const CHUNK = 256 * 1024;

function* piecesOf(filePath: string): Generator<Buffer> {
  const descriptor = openSource(filePath);
  try {
    for (let length = CHUNK; length === CHUNK; ) {
      const buffer = Buffer.allocUnsafe(CHUNK);
      length = fillFrom(descriptor, buffer);
      yield buffer.subarray(0, length);
    }
  } finally {
    fs.closeSync(descriptor);
  }
}

function digestOf(filePath: string, algorithm: string): string {
  const hashing = createHash(algorithm);
  for (const piece of piecesOf(filePath)) hashing.update(piece);
  return hashing.digest('hex');
}

/** The codes of a link that points to no file. */
const NO_FILE: ReadonlySet<string | undefined> = new Set(['ENOENT', 'ENOTDIR', 'EISDIR', 'ELOOP']);

async function fileDecodesTo(filePath: string, encoding: string, content: DecodedInfo): Promise<boolean> {
  try {
    return await decodesTo(piecesOf(filePath), encoding, content);
  } catch (error) {
    if (NO_FILE.has(systemErrorCode(error))) return false;
    throw cannotRead('target', `'${filePath}'`, error, 'Make it readable, or delete it.');
  }
}

/** Yields every file below a folder, and every empty folder. */
function* walk(root: string, dir: string): Generator<readonly [string, StoredFile]> {
  const names = listFolder(path.join(root, dir)).sort();
  if (dir !== '' && isDestination(names)) return;
  for (const name of names) {
    if (dir === '' && isReservedName(name)) continue;
    const publicPath = dir === '' ? name : `${dir}/${name}`;
    const filePath = `${root}/${publicPath}`;
    const stats = fs.lstatSync(filePath, { throwIfNoEntry: false });
    if (stats === undefined) {
      refuseUnreadableName(filePath);
    } else if (stats.isDirectory() && listFolder(filePath).length > 0) {
      yield* walk(root, publicPath);
    } else {
      yield [publicPath, describe(filePath, stats)];
    }
  }
}

/** A file that is listed but not found by its name has bytes in it that are not UTF-8 (or has just vanished). */
function refuseUnreadableName(filePath: string): void {
  if (!filePath.includes('\uFFFD')) return;
  throw new StaticFilesError(
    'target',
    `The name of '${filePath}' is not valid UTF-8. No run has published it. Delete it by hand.`,
  );
}
