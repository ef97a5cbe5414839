import { foldersOf } from '../../paths.js';
import type { KnownHost } from './known-host.js';

/** Removes files from a host, as far as they are known to be there, and the folders that become empty. */
export async function removeFrom(
  { host, files }: KnownHost,
  publicPaths: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  const going = publicPaths.filter((publicPath) => files.has(publicPath));
  if (going.length === 0) return;
  await host.remove(going, signal);
  for (const publicPath of going) files.delete(publicPath);
  for (const folders of emptied(going, files.keys())) await host.remove(folders, signal);
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
