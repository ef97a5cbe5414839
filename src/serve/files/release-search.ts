import fs from 'node:fs';
import path from 'node:path';
import { LRUCache } from 'lru-cache';
import type { FoundFile } from './file-source.js';
import type { PublishedManifest } from './published-manifest.js';

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
  let searched: readonly PublishedManifest[] | undefined;

  const search = (publicPath: string): FoundFile | undefined => {
    for (const release of searched ?? []) {
      const found = findIn(publicPath, release);
      if (found !== undefined) return found;
    }
    return undefined;
  };

  return (publicPath) => {
    if (!fs.existsSync(path.join(root, publicPath))) return undefined;
    const current = releases();
    if (current !== searched) remembered.clear();
    searched = current;
    const outcome = remembered.get(publicPath) ?? { found: search(publicPath) };
    remembered.set(publicPath, outcome);
    return outcome.found;
  };
}
