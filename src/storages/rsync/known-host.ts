import fs from 'node:fs';
import path from 'node:path';
import { DESTINATION_MARKS } from '../destination-marks.js';
import type { StoredFile } from '../storage.js';
import {
  ACCOUNT_NAME,
  type Account,
  type AccountedFile,
  type AccountState,
  parseAccount,
} from './account.js';
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
  account: AccountState | undefined;
  /** Whether that account says all this. */
  accounted: boolean;
}

export interface ReadHostOptions {
  /** Where temporary folders are made. */
  readonly cacheDir: string;
  /** List what is there, whatever the account says. */
  readonly afresh: boolean;
  readonly signal: AbortSignal;
}

/**
 * Finds out what is at a host: by the account of the last run, else by a listing and the MD5 of all files. What account and
 * listing have in the same size, under a name that tells the content, keeps its hash.
 */
export async function readHost(host: Host, options: ReadHostOptions): Promise<KnownHost> {
  const account = await readAccount(host, options);
  if (account && !account.open && !options.afresh) {
    const files = Array.from(account.files, ([publicPath, file]) => [publicPath, asFile(file)] as const);
    return { host, files: new Map(files), unfinished: new Map(), account, accounted: true };
  }
  const listed = ownOf(await host.list(options.signal));
  const md5s = listed.length > 0 ? await host.md5s(options.signal) : new Map<string, string>();
  const files = new Map<string, HostFile>();
  const unfinished = new Map<string, string>();
  for (const file of listed) {
    const { publicPath } = file;
    if (file.unfinished !== undefined && !account?.files.has(publicPath))
      unfinished.set(publicPath, file.unfinished);
    else files.set(publicPath, listedFile(file, account, md5s.get(publicPath)));
  }
  return { host, files, unfinished, account, accounted: false };
}

/** What is listed, without the account, and without what is in folders that are destinations of their own. */
function ownOf(listed: readonly ListedFile[]): readonly ListedFile[] {
  const nested = listed
    .filter(({ publicPath }) => DESTINATION_MARKS.includes(path.posix.basename(publicPath)))
    .map(({ publicPath }) => publicPath.slice(0, publicPath.lastIndexOf('/') + 1))
    .filter((folder) => folder !== '');
  return listed.filter(
    ({ publicPath }) =>
      publicPath !== ACCOUNT_NAME && !nested.some((folder) => publicPath.startsWith(folder)),
  );
}

/** The account that stands at a host; none before the first run, or where it is damaged. */
export function readAccount(
  host: Host,
  { cacheDir, signal }: Omit<ReadHostOptions, 'afresh'>,
): Promise<Account | undefined> {
  return inTemporaryFolder(cacheDir, async (folder) => {
    await host.pull([ACCOUNT_NAME], folder, signal);
    const file = path.join(folder, ACCOUNT_NAME);
    return fs.existsSync(file) ? parseAccount(fs.readFileSync(file, 'utf8')) : undefined;
  });
}

function asFile(file: AccountedFile): HostFile {
  return { kind: 'file', ...file };
}

function listedFile(
  { publicPath, kind, size }: ListedFile,
  account: Account | undefined,
  md5: string | undefined,
): HostFile {
  const accounted = account?.files.get(publicPath);
  const isSure = kind === 'file' && accounted?.immutable && accounted.size === size;
  const told = kind === 'file' && md5 !== undefined && { md5 };
  return { ...(isSure ? asFile(accounted) : { kind, size, immutable: false }), ...told };
}
