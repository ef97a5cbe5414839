import fs from 'node:fs';
import path from 'node:path';
import { LRUCache } from 'lru-cache';
import { type FileStamp, isSettled, readStampIfAny, sameStamp } from '../../files/stamp.js';

/** Names to keep, of all folders together. In a folder with more names, each one is checked by a system call. */
const MAX_NAMES = 200_000;

/** Names in a folder. */
interface Listing {
  readonly stamp: FileStamp;
  /** `undefined` if there are too many names, or the folder cannot be listed. */
  readonly names: ReadonlySet<string> | undefined;
}

/**
 * Returns a function that checks whether a path exists below a folder, without a system call for each made-up name.
 *
 * It keeps the names of each folder, and looks once in a turn of the event loop whether the folder has changed.
 *
 * @param root absolute path of the folder
 */
export function createNameCheck(root: string): (publicPath: string) => boolean {
  const listings = new LRUCache<string, Listing>({
    max: 1000,
    maxSize: MAX_NAMES,
    sizeCalculation: ({ names }) => 1 + (names?.size ?? 0),
  });
  const stamps = stampsOfTurn();

  return (publicPath) => {
    const slash = publicPath.lastIndexOf('/');
    const folder = slash === -1 ? root : path.join(root, publicPath.slice(0, slash));
    const stamp = stamps(folder);
    if (stamp === undefined) return false;
    let listing = listings.get(folder);
    if (listing === undefined || !sameStamp(listing.stamp, stamp)) {
      // A folder that has just changed may change again within the same time stamp.
      if (!isSettled(stamp, Date.now())) return fs.existsSync(path.join(root, publicPath));
      listing = { stamp, names: namesIn(folder) };
      listings.set(folder, listing);
    }
    return listing.names?.has(publicPath.slice(slash + 1)) ?? fs.existsSync(path.join(root, publicPath));
  };
}

function namesIn(folder: string): ReadonlySet<string> | undefined {
  try {
    const names = fs.readdirSync(folder);
    return names.length < MAX_NAMES ? new Set(names) : undefined;
  } catch {
    return undefined;
  }
}

/** Returns a function that reads the stamp of a folder once in a turn of the event loop. */
function stampsOfTurn(): (folder: string) => FileStamp | undefined {
  const stamps = new Map<string, FileStamp | undefined>();
  return (folder) => {
    if (stamps.size === 0) setImmediate(() => stamps.clear());
    if (!stamps.has(folder)) stamps.set(folder, readStampIfAny(folder));
    return stamps.get(folder);
  };
}
