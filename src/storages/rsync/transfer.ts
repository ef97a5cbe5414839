import fs from 'node:fs';
import path from 'node:path';
import { StaticFilesError } from '../../errors.js';
import { INTEGRITY_ALGORITHM, integrityHash } from '../../model/content.js';
import { isImmutable, storedFacts } from '../../model/output.js';
import { foldersOf, isInOneOf } from '../../model/public-path.js';
import type { PluginContext } from '../../plugins/plugin.js';
import { filesText } from '../../text/name-list.js';
import { filesystemStorage } from '../filesystem/filesystem.js';
import type { WriteRequest, Written } from '../storage.js';
import type { PushOptions } from './host.js';
import { type HostFile, INDEX_NAME, type KnownHost } from './host-state.js';
import { digestOf } from './inventory.js';
import { isDelayed } from './listing.js';

/** Sends the files of a phase to a host, and notes that they are there. */
export async function sendTo(
  known: KnownHost,
  { folder, files }: Phase,
  options: Omit<PushOptions, 'together' | 'force'>,
): Promise<void> {
  const publicPaths = [...files.keys()];
  const folders = foldersOf(publicPaths, (publicPath) => publicPath);
  const inTheWay = [...folders.keys()].filter((dir) => isNoFolder(known, dir));
  const force = replacesFolders(known, publicPaths);
  if (force) await refuseUnknownIn(known, publicPaths, options.signal);
  await removeFrom(known, inTheWay, options.signal);
  const together = publicPaths.some((publicPath) => known.files.has(publicPath));
  await known.host.push(folder, publicPaths, { ...options, together, force });
  forgetReplaced(known, publicPaths, folders.keys());
  for (const [publicPath, file] of files) known.files.set(publicPath, file);
}

function replacesFolders({ files }: KnownHost, publicPaths: readonly string[]): boolean {
  const folders = foldersOf(files.keys(), (publicPath) => publicPath);
  return publicPaths.some((each) => folders.has(each) || files.get(each)?.kind === 'directory');
}

/** rsync deletes a folder that gives way to a file with all that is in it, also what no run has put there. */
async function refuseUnknownIn(
  { host, files }: KnownHost,
  publicPaths: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  const paths = new Set(publicPaths);
  const unknown = (await host.list(signal))
    .filter(({ kind, publicPath }) => kind !== 'directory' && !files.has(publicPath))
    .map(({ publicPath }) => publicPath)
    .filter((publicPath) =>
      [...foldersOf([publicPath], (each) => each).keys()].some((dir) => paths.has(dir)),
    );
  if (unknown.length === 0) return;
  throw new StaticFilesError(
    'target',
    `'${host.destination}': ${filesText(unknown)} would be replaced by a file in place of their folder, ` +
      'and no run of collectstatic has published them. What is live is unchanged. Move them away, and run again.',
  );
}

function isNoFolder({ files }: KnownHost, dir: string): boolean {
  const there = files.get(dir);
  return there !== undefined && there.kind !== 'directory';
}

/** Folders are no longer empty, or have given way to a file with all that was in them. */
function forgetReplaced(
  { files }: KnownHost,
  publicPaths: readonly string[],
  filled: Iterable<string>,
): void {
  for (const folder of filled) files.delete(folder);
  const before = foldersOf(files.keys(), (publicPath) => publicPath);
  const replaced = new Set(publicPaths.filter((publicPath) => before.has(publicPath)));
  if (replaced.size === 0) return;
  for (const publicPath of [...files.keys()]) if (isInOneOf(publicPath, replaced)) files.delete(publicPath);
}

/** The files of a phase, as they stand in a folder of this machine. */
export interface Phase {
  readonly folder: string;
  readonly written: readonly Written[];
  /** By public path. */
  readonly files: ReadonlyMap<string, HostFile>;
}

/**
 * Writes the files of a phase to a folder, from where they are sent: copies, since a source may change while rsync reads
 * it. Links would spare them, but change the times of the sources, by which they are known again.
 *
 * @param folder absolute, and empty
 * @throws StaticFilesError `source` where a source has changed since it was looked at
 */
export async function layOut(
  requests: readonly WriteRequest[],
  folder: string,
  context: PluginContext,
  signal: AbortSignal,
): Promise<Phase> {
  const written: Written[] = [];
  const copying = filesystemStorage({ location: folder }, context);
  await copying.write(requests, { done: (each) => written.push(each), signal });
  const files = new Map<string, HostFile>();
  for (const { publicPath, output } of requests) {
    const file = path.join(folder, publicPath);
    const { integrity = '' } = storedFacts(output) ?? {};
    const hash = integrityHash(integrity) ?? (await digestOf(file, INTEGRITY_ALGORITHM));
    const { size } = fs.statSync(file);
    files.set(publicPath, { kind: 'file', size, hash, immutable: isImmutable(output) });
  }
  return { folder, written, files };
}

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
    ([publicPath, name]) => isDelayed(publicPath) || files.has(name) || name === INDEX_NAME,
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
