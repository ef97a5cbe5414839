import fs from 'node:fs';
import path from 'node:path';
import { LRUCache } from 'lru-cache';
import { openSource } from '../../files/bytes.js';
import { detailsNameOf } from '../../manifest/manifest.js';
import { findEntry, type LineAt, linesIn } from '../../manifest/search.js';
import { isRecord } from '../../text/json.js';
import type { FoundFile } from './file-source.js';
import { createNameCheck } from './folder-names.js';
import type { PublishedFile, PublishedManifest } from './published-manifest.js';

/**
 * The manifests of other releases (`<release>/staticfiles.json` in the folder of the newest), and the newest one, which
 * may be newer than what this server has read: pages of theirs are still open, or open already. Their files stand in
 * the same folder as those of this release.
 *
 * They are looked up on disk, so that any number of them takes no memory.
 *
 * @param folder absolute
 * @returns what gives them: the same list, while nothing was published
 */
export function otherReleases(folder: string, manifestName: string): () => readonly PublishedManifest[] {
  let listed: { readonly state: string; readonly manifests: readonly PublishedManifest[] } | undefined;
  return () => {
    // The manifest too: a copy that writes into it leaves the folder as it is.
    const state = [folder, path.join(folder, manifestName)].map(stateOf).join();
    if (listed?.state !== state) listed = { state, manifests: list(folder, manifestName) };
    return listed.manifests;
  };
}

function stateOf(systemPath: string): string {
  const stats = fs.statSync(systemPath, { throwIfNoEntry: false });
  return stats === undefined ? '' : `${stats.mtimeMs} ${stats.size} ${stats.ino}`;
}

function list(folder: string, manifestName: string): PublishedManifest[] {
  const children = fs.existsSync(folder) ? fs.readdirSync(folder, { withFileTypes: true }) : [];
  const releases = children.filter((child) => child.isDirectory()).map(({ name }) => path.join(folder, name));
  return [folder, ...releases]
    .filter((each) => fs.existsSync(path.join(each, manifestName)))
    .map((each) =>
      manifestOnDisk(path.join(each, manifestName), path.join(each, detailsNameOf(manifestName))),
    );
}

function manifestOnDisk(manifest: string, details: string): PublishedManifest {
  return {
    publicPath: (logicalPath) => findOnDisk(manifest, logicalPath) as string | undefined,
    details: fs.existsSync(details) ? (publicPath) => fileOnDisk(details, publicPath) : undefined,
    isMixed: true, // to know better would take reading both
  };
}

function fileOnDisk(details: string, publicPath: string): PublishedFile | undefined {
  const found = findOnDisk(details, publicPath);
  return isRecord(found) ? found : undefined;
}

/**
 * An entry of a file that is laid out as manifests are; `undefined` where there is none, or the file is no such one: it
 * may be any static file that happens to have the name.
 */
function findOnDisk(file: string, key: string): unknown {
  let descriptor: number | undefined;
  try {
    descriptor = openSource(file);
    const stats = fs.fstatSync(descriptor);
    const size = stats.isFile() ? stats.size : 0;
    const lineAt = linesOnDisk(descriptor, size);
    return size === 0 ? undefined : findEntry(lineAt, lineAt(0).end, size, key);
  } catch {
    return undefined;
  } finally {
    if (descriptor !== undefined) fs.closeSync(descriptor);
  }
}

/** Longer than most lines. */
const REACH_BYTES = 2048;

function linesOnDisk(descriptor: number, size: number): LineAt {
  return (offset) => {
    for (let reach = REACH_BYTES; ; reach *= 8) {
      const from = Math.max(0, offset - reach);
      const to = Math.min(size, offset + reach);
      const window = Buffer.allocUnsafe(to - from);
      fs.readSync(descriptor, window, 0, window.length, from);
      const { start, end, bytes } = linesIn(window)(offset - from);
      const isWhole = (start > 0 || from === 0) && (end - start > bytes.length || to === size);
      if (isWhole) return { start: from + start, end: from + end, bytes };
    }
  };
}

/** Of so many names is remembered what the search came to. */
const MAX_REMEMBERED = 10_000;

/**
 * Makes what finds a file in the manifests of other releases.
 *
 * Anybody can make up names, and a search through a hundred releases takes milliseconds. So it begins only for files
 * that are there: all releases share one folder. And its outcome is remembered while nothing is published.
 *
 * @param root absolute
 * @param releases gives the same list while nothing is published
 */
export function createReleaseSearch(
  root: string,
  releases: () => readonly PublishedManifest[],
  findIn: (publicPath: string, release: PublishedManifest) => FoundFile | undefined,
): (publicPath: string) => FoundFile | undefined {
  const remembered = new LRUCache<string, { readonly found: FoundFile | undefined }>({ max: MAX_REMEMBERED });
  const exists = createNameCheck(root);
  let searched: readonly PublishedManifest[] | undefined;

  const search = (publicPath: string): FoundFile | undefined => {
    for (const release of searched ?? []) {
      const found = findIn(publicPath, release);
      if (found !== undefined) return found;
    }
    return undefined;
  };

  return (publicPath) => {
    if (!exists(publicPath)) return undefined;
    const current = releases();
    if (current !== searched) remembered.clear();
    searched = current;
    const outcome = remembered.get(publicPath) ?? { found: search(publicPath) };
    remembered.set(publicPath, outcome);
    return outcome.found;
  };
}
