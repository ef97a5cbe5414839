import fs from 'node:fs';
import path from 'node:path';
import { isInOneOf, posixDirname } from '../../model/public-path.js';
import { DESTINATION_MARKS, INDEX_NAME } from '../destination.js';
import type { StoredFile } from '../storage.js';
import type { Host } from './host.js';
import { type IndexedFile, type IndexFile, type IndexState, indexText, parseIndex } from './index-file.js';
import type { ListedFile } from './listing.js';
import { inTemporaryFolder } from './temporary-folder.js';

/** A file at a path of a host. */
export interface HostFile extends IndexedFile {
  readonly kind: StoredFile['kind'];
}

/** A host with what is known of its files. */
export interface KnownHost {
  readonly host: Host;
  /** By public path, updated as a run writes. The only folders are empty ones that were listed. */
  readonly files: Map<string, HostFile>;
  /** What a killed rsync has left there: the path it would have got, by the path it has. */
  readonly unfinished: Map<string, string>;
  /** Which run wrote the index there. `undefined` before the first run. */
  index: IndexState | undefined;
  /** Whether that index describes all of this. */
  indexed: boolean;
}

export interface ReadHostOptions {
  /** Where temporary folders are made. */
  readonly cacheDir: string;
  /** List the host, even if it has an index. */
  readonly refresh: boolean;
  readonly signal: AbortSignal;
}

/**
 * Finds out what is at a host: by the index of the last run, otherwise by a listing and the MD5 of all files. An immutable
 * file that has the same size in index and listing keeps its hash.
 */
export async function readHost(host: Host, options: ReadHostOptions): Promise<KnownHost> {
  const index = await readIndex(host, options);
  if (index && !index.open && !options.refresh) {
    const files = Array.from(index.files, ([publicPath, file]) => [publicPath, asFile(file)] as const);
    return { host, files: new Map(files), unfinished: new Map(), index, indexed: true };
  }
  const listed = ownOf(await host.list(options.signal));
  const md5s = listed.length > 0 ? await host.md5s(options.signal) : new Map<string, string>();
  const files = new Map<string, HostFile>();
  const unfinished = new Map<string, string>();
  for (const file of listed) {
    const { publicPath } = file;
    if (file.unfinished !== undefined && !index?.files.has(publicPath))
      unfinished.set(publicPath, file.unfinished);
    else files.set(publicPath, listedFile(file, index, md5s.get(publicPath)));
  }
  return { host, files, unfinished, index, indexed: false };
}

/** Returns the listed files without the index and without those of other destinations further down. */
function ownOf(listed: readonly ListedFile[]): readonly ListedFile[] {
  const marked = listed
    .filter(({ publicPath }) => DESTINATION_MARKS.includes(path.posix.basename(publicPath)))
    .map(({ publicPath }) => posixDirname(publicPath));
  const nested = new Set(marked.filter((dir) => dir !== ''));
  return listed.filter(({ publicPath }) => publicPath !== INDEX_NAME && !isInOneOf(publicPath, nested));
}

/** Returns the index of a host, or `undefined` before the first run and if it is damaged. */
export function readIndex(
  host: Host,
  { cacheDir, signal }: Omit<ReadHostOptions, 'refresh'>,
): Promise<IndexFile | undefined> {
  return inTemporaryFolder(cacheDir, async (folder) => {
    await host.pull([INDEX_NAME], folder, signal);
    const file = path.join(folder, INDEX_NAME);
    return fs.existsSync(file) ? parseIndex(fs.readFileSync(file, 'utf8')) : undefined;
  });
}

function asFile(file: IndexedFile): HostFile {
  return { kind: 'file', ...file };
}

function listedFile(
  { publicPath, kind, size }: ListedFile,
  index: IndexFile | undefined,
  md5: string | undefined,
): HostFile {
  const indexed = index?.files.get(publicPath);
  const isCertain = kind === 'file' && indexed?.immutable && indexed.size === size;
  const computed = kind === 'file' && md5 !== undefined && { md5 };
  return { ...(isCertain ? asFile(indexed) : { kind, size, immutable: false }), ...computed };
}

/** Writes what is known of a host to its index. */
export async function writeIndex(
  known: KnownHost,
  state: IndexState,
  { cacheDir, signal }: { readonly cacheDir: string; readonly signal: AbortSignal },
): Promise<void> {
  const files = new Map([...known.files].filter(([, { kind }]) => kind === 'file').sort(byPath));
  await inTemporaryFolder(cacheDir, async (folder) => {
    fs.writeFileSync(path.join(folder, INDEX_NAME), indexText({ ...state, files }), { mode: 0o644 });
    await known.host.push(folder, [INDEX_NAME], { together: false, force: false, signal });
  });
  known.index = state;
  known.indexed = !state.open;
}

function byPath([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : 1;
}
