import fs from 'node:fs';
import path from 'node:path';
import { StaticFilesError } from '../../errors.js';
import { integrityHash } from '../../model/content.js';
import { hasFingerprint, INTEGRITY_ALGORITHM, storedFacts } from '../../model/output.js';
import { foldersOf, isInOneOf } from '../../model/public-path.js';
import type { PluginContext } from '../../plugins/plugin.js';
import { filesText } from '../../text/name-list.js';
import { INDEX_NAME } from '../destination.js';
import { filesystemStorage } from '../filesystem/filesystem.js';
import type { WriteRequest, Written } from '../storage.js';
import type { PushOptions } from './host.js';
import type { HostFile, KnownHost } from './host-state.js';
import { digestOf } from './inventory.js';
import { isDelayed } from './listing.js';

/** Sends the files of a phase to a host, and records them. */
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

/** A file that replaces a folder makes rsync delete everything in it, even files that no run has published. */
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
    `'${host.destination}': a file would replace the folder of ${filesText(unknown)}, ` +
      'which no run of collectstatic has published. The live manifest is unchanged. Move them away, and run again.',
  );
}

function isNoFolder({ files }: KnownHost, dir: string): boolean {
  const there = files.get(dir);
  return there !== undefined && there.kind !== 'directory';
}

/** Forgets folders that are no longer empty, and those that a file has replaced with everything in them. */
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

/** The files of a phase, copied to a local folder. */
export interface Phase {
  readonly folder: string;
  readonly written: readonly Written[];
  /** By public path. */
  readonly files: ReadonlyMap<string, HostFile>;
}

/**
 * Copies the files of a phase to a folder that rsync sends. It cannot send the sources, which may change while it reads
 * them. Hard links would be cheaper, but change the times of the sources, by which they are recognized.
 *
 * @param folder absolute, and empty
 * @throws StaticFilesError `source` if a source has changed since the run looked at it
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
    files.set(publicPath, { kind: 'file', size, hash, immutable: hasFingerprint(output) });
  }
  return { folder, written, files };
}

/** Removes those of the files that a host has, and the folders that become empty. */
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
 * Removes what a killed rsync has left at a host. The user's own files may have such names, so only those count that would
 * have become a published file.
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

/** Returns the folders that became empty, grouped by depth, deepest first: rsync would try a folder before those in it. */
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
