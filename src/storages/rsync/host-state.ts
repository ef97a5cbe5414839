import fs from 'node:fs';
import path from 'node:path';
import { isPublishable } from '../../model/public-path.js';
import { isRecord } from '../../text/json.js';
import { DESTINATION_MARKS } from '../destination.js';
import type { StoredFile } from '../storage.js';
import type { Host } from './host.js';
import type { ListedFile } from './listing.js';
import { inTemporaryFolder } from './temporary-folder.js';

/** What stands at a path of a host. */
export interface HostFile extends AccountedFile {
  readonly kind: StoredFile['kind'];
}

/** A host, and what is known to be there. */
export interface KnownHost {
  readonly host: Host;
  /** By public path; of folders only the empty ones that a listing told of. Kept up to date as a run writes. */
  readonly files: Map<string, HostFile>;
  /** What a killed rsync has left there, by its path: the path that it would have got. */
  readonly unfinished: Map<string, string>;
  /** The account that stands there, as far as it tells who wrote it; none before the first run. */
  index: IndexState | undefined;
  /** Whether that account says all this. */
  indexed: boolean;
}

export interface ReadHostOptions {
  /** Where temporary folders are made. */
  readonly cacheDir: string;
  /** List what is there, whatever the account says. */
  readonly refresh: boolean;
  readonly signal: AbortSignal;
}

/**
 * Finds out what is at a host: by the account of the last run, else by a listing and the MD5 of all files. What account and
 * listing have in the same size, under a name that tells the content, keeps its hash.
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

/** What is listed, without the account, and without what is in folders that are destinations of their own. */
function ownOf(listed: readonly ListedFile[]): readonly ListedFile[] {
  const nested = listed
    .filter(({ publicPath }) => DESTINATION_MARKS.includes(path.posix.basename(publicPath)))
    .map(({ publicPath }) => publicPath.slice(0, publicPath.lastIndexOf('/') + 1))
    .filter((folder) => folder !== '');
  return listed.filter(
    ({ publicPath }) => publicPath !== INDEX_NAME && !nested.some((folder) => publicPath.startsWith(folder)),
  );
}

/** The account that stands at a host; none before the first run, or where it is damaged. */
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

function asFile(file: AccountedFile): HostFile {
  return { kind: 'file', ...file };
}

function listedFile(
  { publicPath, kind, size }: ListedFile,
  account: IndexFile | undefined,
  md5: string | undefined,
): HostFile {
  const accounted = account?.files.get(publicPath);
  const isSure = kind === 'file' && accounted?.immutable && accounted.size === size;
  const told = kind === 'file' && md5 !== undefined && { md5 };
  return { ...(isSure ? asFile(accounted) : { kind, size, immutable: false }), ...told };
}

/** Writes the account of what is known of a host, at that host. */
export async function writeAccount(
  known: KnownHost,
  state: IndexState,
  { cacheDir, signal }: { readonly cacheDir: string; readonly signal: AbortSignal },
): Promise<void> {
  const files = new Map([...known.files].filter(([, { kind }]) => kind === 'file').sort(byPath));
  await inTemporaryFolder(cacheDir, async (folder) => {
    fs.writeFileSync(path.join(folder, INDEX_NAME), accountText({ ...state, files }), { mode: 0o644 });
    await known.host.push(folder, [INDEX_NAME], { together: false, force: false, signal });
  });
  known.index = state;
  known.indexed = !state.open;
}

function byPath([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : 1;
}

/** The name, at the destination, of the account that the storage keeps of what it has published. */
export const INDEX_NAME = '.staticfiles-index.json';

/** What is known of a published file. */
export interface AccountedFile {
  /** Bytes. */
  readonly size: number;
  /** SHA-384 of the bytes, hexadecimal; unknown where another run may have written them. */
  readonly hash?: string;
  /** MD5 of the bytes, hexadecimal, as the host itself has told it. */
  readonly md5?: string;
  /** Whether its name tells its content: no run writes other bytes under it. */
  readonly immutable: boolean;
}

/** Which run wrote an account. */
export interface IndexState {
  /** Another run that meets a name that it does not expect knows that it is not alone. */
  readonly run: string;
  /** Whether the run is still writing, or died while it did: then only what is immutable is sure. */
  readonly open: boolean;
}

/** What a storage has published to a destination. */
export interface IndexFile extends IndexState {
  /** By public path. */
  readonly files: ReadonlyMap<string, AccountedFile>;
}

const FORMAT = '1.0';

/** The text of an account: a file a line, `"css/app.css": [size, hash, immutable]`; the hash is the MD5 if no other is known. */
export function accountText({ run, open, files }: IndexFile): string {
  const lines = Array.from(
    files,
    ([publicPath, { size, md5 = null, hash = md5, immutable }]) =>
      `${JSON.stringify(publicPath)}: ${JSON.stringify([size, hash, immutable])}`,
  );
  const head = JSON.stringify({ format: `rsync ${FORMAT}`, run, open });
  return `${head.slice(0, -1)}, "files": {\n${lines.join(',\n')}\n}}\n`;
}

/** Reads an account; one that is damaged, or of a format of the future, is none: what is there is listed then. */
export function parseIndex(text: string): IndexFile | undefined {
  let account: unknown;
  try {
    account = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isRecord(account) || account.format !== `rsync ${FORMAT}` || !isRecord(account.files))
    return undefined;
  const { run, open } = account;
  if (typeof run !== 'string' || typeof open !== 'boolean') return undefined;
  const files = new Map<string, AccountedFile>();
  for (const [publicPath, entry] of Object.entries(account.files)) {
    const file = fileOf(entry);
    if (file === undefined || !isPublishable(publicPath)) return undefined;
    files.set(publicPath, file);
  }
  return { run, open, files };
}

function fileOf(entry: unknown): AccountedFile | undefined {
  if (!Array.isArray(entry)) return undefined;
  const [size, hash, immutable] = entry as unknown[];
  if (!Number.isSafeInteger(size) || typeof immutable !== 'boolean') return undefined;
  if (hash === null) return { size: size as number, immutable };
  if (typeof hash !== 'string' || !/^(?:[0-9a-f]{96}|[0-9a-f]{32})$/.test(hash)) return undefined;
  return { size: size as number, ...(hash.length === 32 ? { md5: hash } : { hash }), immutable };
}
