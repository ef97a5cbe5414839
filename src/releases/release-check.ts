import { withoutCoding } from '../content-codings.js';
import { inventoryOf } from '../destination.js';
import { StaticFilesError } from '../errors.js';
import { nameList } from '../name-list.js';
import { createPace } from '../pace.js';
import type { Inventory, Storage } from '../storages/storage.js';
import { hasPublishedBytes, looksLike } from './published-bytes.js';
import { type ReleaseFile, storedBy } from './release-contents.js';
import type { StoredRelease } from './stored-releases.js';

/**
 * Looks whether the files of a release are all there. One whose name changes with its content is known by its name and
 * size; the others may have got other bytes since, of a later release.
 *
 * @returns the public paths of those that have
 * @throws StaticFilesError `target` with the names of files that are missing
 */
export async function checkReleaseFiles(
  { id, files, manifest }: StoredRelease,
  storage: Storage,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const inventory = await inventoryOf(storage, signal);
  if (inventory.quiet?.going?.includes(id)) throw mayStillGo(id, inventory.quiet.until);
  const changing = changingNames(manifest.paths);
  const pace = createPace(signal);
  const missing: string[] = [];
  const otherBytes: string[] = [];
  for (const [publicPath, file] of files) {
    if (pace.due()) await pace.yield();
    const original = withoutCoding(publicPath);
    // Servers do without a variant: a later release may have been published with other ones.
    if (original !== publicPath && files.has(original) && inventory.get(publicPath) === undefined) continue;
    if (!isThere(inventory, publicPath)) missing.push(publicPath);
    else if (changing.has(original)) {
      if (!(await isWhole(inventory, publicPath, file))) missing.push(publicPath);
    } else if (await hasOtherBytes(inventory, publicPath, file)) otherBytes.push(publicPath);
  }
  if (missing.length > 0) throw areMissing(id, missing);
  return otherBytes;
}

/** The names that another content would not have. */
function changingNames(paths: Readonly<Record<string, string>>): ReadonlySet<string> {
  const renamed = Object.entries(paths).filter(([logicalPath, publicPath]) => logicalPath !== publicPath);
  return new Set(renamed.map(([, publicPath]) => publicPath));
}

function isThere(inventory: Inventory, publicPath: string): boolean {
  const stored = inventory.get(publicPath);
  return stored?.kind === 'file' || stored?.kind === 'link';
}

/** A link has no size of its own. What has another size than was published may be the same content in another encoding. */
async function isWhole(inventory: Inventory, publicPath: string, file: ReleaseFile): Promise<boolean> {
  const stored = inventory.get(publicPath)!;
  if (stored.kind === 'link' || looksLike(stored, storedBy(file))) return true;
  return (await hasPublishedBytes(inventory, publicPath, file)) === true;
}

async function hasOtherBytes(inventory: Inventory, publicPath: string, file: ReleaseFile): Promise<boolean> {
  if (inventory.get(publicPath)?.kind === 'link') return false;
  return (await hasPublishedBytes(inventory, publicPath, file)) === false;
}

/** A run that was deleting them was given up, and may go on when it wakes up. */
function mayStillGo(id: string, until: Date): StaticFilesError {
  return new StaticFilesError(
    'target',
    `Release '${id}' was being deleted by a run that was given up, and may go on with it. Collect it again, or activate it after ${until.toISOString()}.`,
  );
}

function areMissing(id: string, missing: readonly string[]): StaticFilesError {
  return new StaticFilesError(
    'target',
    `Release '${id}' is no longer whole. Gone, or not as they were published: ${nameList(missing)}. Collect it again.`,
  );
}
