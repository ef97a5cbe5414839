import fs from 'node:fs';
import path from 'node:path';
import { LRUCache } from 'lru-cache';
import { type FileStamp, isSettled, readStampIfAny, sameStamp } from '../../files/stamp.js';

/** Names of all folders together that are kept. A folder with more names than this is asked for each name. */
const MAX_NAMES = 200_000;

/** What a folder listed. */
interface Listing {
  readonly stamp: FileStamp;
  /** `undefined` if there are too many. */
  readonly names: ReadonlySet<string> | undefined;
}

/**
 * Makes a function that says whether a file exists in a folder below `root`, by the folder's list of names. The list is
 * read again after each change of the folder, and its state is looked at once in a turn of the event loop. So requests for
 * many made-up names cost no system call each.
 *
 * @param root absolute path
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
      // A folder that has just changed may change again and show the same time.
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

/** Makes a function that reads the stamp of a folder, once in a turn of the event loop. */
function stampsOfTurn(): (folder: string) => FileStamp | undefined {
  const stamps = new Map<string, FileStamp | undefined>();
  return (folder) => {
    if (stamps.size === 0) setImmediate(() => stamps.clear());
    if (!stamps.has(folder)) stamps.set(folder, readStampIfAny(folder));
    return stamps.get(folder);
  };
}
