import fs from 'node:fs';
import path from 'node:path';
import { LRUCache } from 'lru-cache';
import { detailsNameOf } from '../../manifest/manifest.js';
import type { FoundFile } from './file-source.js';
import { createNameCheck } from './folder-names.js';
import { manifestOnDisk } from './manifest-on-disk.js';
import type { PublishedManifest } from './published-manifest.js';

/** Number of paths whose search results are remembered. */
const MAX_REMEMBERED = 10_000;

/**
 * Returns a function that finds a file in the manifests of other releases.
 *
 * Anybody can request made-up names, and searching a hundred releases takes milliseconds. So only names of existing files
 * are searched (all releases share one folder), and the results are remembered until something is published.
 *
 * @param root absolute path of the folder of the files
 * @param releases returns the manifests; the same array until something is published
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

/**
 * Returns a function that lists the manifests of other releases: `<release>/staticfiles.json` in the folder of the active
 * manifest. Pages of these releases may still be open, or open already.
 *
 * The active manifest is listed too, because it may be newer than the one that this server has read. Entries are looked
 * up on disk, so any number of releases takes no memory.
 *
 * @param folder absolute path
 * @returns a function that returns the same array until something is published
 */
export function otherReleases(folder: string, manifestName: string): () => readonly PublishedManifest[] {
  let listed: { readonly state: string; readonly manifests: readonly PublishedManifest[] } | undefined;
  return () => {
    // Copying over the manifest leaves the folder's time as it is, so the manifest's own counts too.
    const state = [folder, path.join(folder, manifestName)].map(stateOf).join();
    if (listed?.state !== state) listed = { state, manifests: listManifests(folder, manifestName) };
    return listed.manifests;
  };
}

function stateOf(systemPath: string): string {
  const stats = fs.statSync(systemPath, { throwIfNoEntry: false });
  return stats === undefined ? '' : `${stats.mtimeMs} ${stats.size} ${stats.ino}`;
}

function listManifests(folder: string, manifestName: string): PublishedManifest[] {
  const children = fs.existsSync(folder) ? fs.readdirSync(folder, { withFileTypes: true }) : [];
  const releases = children.filter((child) => child.isDirectory()).map(({ name }) => path.join(folder, name));
  return [folder, ...releases]
    .filter((each) => fs.existsSync(path.join(each, manifestName)))
    .map((each) =>
      manifestOnDisk(path.join(each, manifestName), path.join(each, detailsNameOf(manifestName))),
    );
}
