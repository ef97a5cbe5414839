import { foldersOf } from '../../paths.js';
import { ACCOUNT_NAME } from './account.js';
import type { KnownHost } from './known-host.js';
import { isDelayed } from './listing.js';

/** Removes files from a host, as far as they are known to be there, and the folders that become empty. */
export async function removeFrom(
  { host, files, unfinished }: KnownHost,
  publicPaths: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  const going = publicPaths.filter((publicPath) => files.has(publicPath) || unfinished.has(publicPath));
  if (going.length === 0) return;
  await host.remove(going, signal);
  for (const publicPath of going) {
    files.delete(publicPath);
    unfinished.delete(publicPath);
  }
  for (const folders of emptied(going, files.keys())) await host.remove(folders, signal);
}

/**
 * Removes what a killed rsync has left at a host. A file of the user's own may have a name like that: only what would have
 * become a file that is published there is taken for it.
 */
export async function removeUnfinished(known: KnownHost, signal: AbortSignal): Promise<void> {
  const { files, unfinished } = known;
  const left = [...unfinished].filter(
    ([publicPath, name]) => isDelayed(publicPath) || files.has(name) || name === ACCOUNT_NAME,
  );
  await removeFrom(
    known,
    left.map(([publicPath]) => publicPath),
    signal,
  );
}

/** The folders that held these paths and hold nothing more, the deepest first: rsync would try a folder before what is in it. */
function emptied(gone: readonly string[], left: Iterable<string>): readonly (readonly string[])[] {
  const filled = foldersOf(left, (publicPath) => publicPath);
  const byDepth = new Map<number, string[]>();
  for (const folder of foldersOf(gone, (publicPath) => publicPath).keys()) {
    if (filled.has(folder)) continue;
    const depth = folder.split('/').length;
    const known = byDepth.get(depth);
    if (known === undefined) byDepth.set(depth, [folder]);
    else known.push(folder);
  }
  return [...byDepth].sort(([a], [b]) => b - a).map(([, folders]) => folders);
}
