import { startTimeSlice } from '../concurrency/time-slice.js';
import { StaticFilesError } from '../errors.js';
import { INTEGRITY_ALGORITHM, integrityHash } from '../model/content.js';
import { CODING_EXTENSIONS, IDENTITY, withoutCoding } from '../model/content-encoding.js';
import { inventoryOf } from '../pipeline/destination.js';
import { type ReleaseFile, type StoredFacts, storedBy } from '../pipeline/stored-manifest.js';
import type { Inventory, Storage, StoredFile } from '../storages/storage.js';
import { nameList } from '../text/name-list.js';
import type { StoredRelease } from './read.js';

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
  const slice = startTimeSlice(signal);
  const missing: string[] = [];
  const otherBytes: string[] = [];
  for (const [publicPath, file] of files) {
    if (slice.isOver()) await slice.yield();
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

/** Whether a storage has a way to tell what {@link hasPublishedBytes} asks. */
export function canCompareBytes({ proof, digest }: Inventory): boolean {
  return digest !== undefined || (proof.kind === 'hash' && proof.algorithm === INTEGRITY_ALGORITHM);
}

/**
 * Whether the file at a path is the one that a manifest's details tell of, byte for byte: as it was stored, or its
 * content in another encoding, in which a later run may have stored it again.
 *
 * @returns `undefined` where that is unknown: the details do not say enough, or the storage has no way to compare
 */
export async function hasPublishedBytes(
  inventory: Inventory,
  publicPath: string,
  file: ReleaseFile,
): Promise<boolean | undefined> {
  const stored = inventory.get(publicPath);
  if (stored?.kind !== 'file') return false;
  const wanted = storedBy(file);
  const same = await isStored(inventory, publicPath, wanted);
  if (same !== false || wanted.encoding === undefined) return same;
  return hasContent(inventory, publicPath, file);
}

/** Whether a file has that size and encoding, as far as both are known. */
function looksLike(stored: StoredFile, { size, encoding }: StoredFacts): boolean {
  if (size !== undefined && stored.size !== size) return false;
  return stored.encoding === undefined || encoding === undefined || stored.encoding === encoding;
}

async function isStored(
  inventory: Inventory,
  publicPath: string,
  wanted: StoredFacts,
): Promise<boolean | undefined> {
  const stored = inventory.get(publicPath)!;
  if (!looksLike(stored, wanted)) return false;
  const hash = wanted.integrity && integrityHash(wanted.integrity);
  if (!hash) return undefined;
  const { proof } = inventory;
  const algorithm = stored.hashAlgorithm ?? (proof.kind === 'hash' ? proof.algorithm : undefined);
  const known = algorithm === INTEGRITY_ALGORITHM ? stored.hash : undefined;
  const digest = known ?? (await inventory.digest?.(publicPath, INTEGRITY_ALGORITHM));
  return digest === undefined ? undefined : digest === hash;
}

async function hasContent(
  inventory: Inventory,
  publicPath: string,
  { size, integrity, stored }: ReleaseFile,
): Promise<boolean> {
  if (size === undefined || integrity === undefined) return false;
  const content = { size, integrity };
  if (stored && (await isStored(inventory, publicPath, { ...content, encoding: IDENTITY }))) return true;
  for (const encoding of encodingsOf(inventory, publicPath)) {
    if (await inventory.decodesTo?.(publicPath, encoding, content)) return true;
  }
  return false;
}

/** The encodings that a file may be in; none where the storage keeps no headers, and so serves it as it is. */
function encodingsOf(inventory: Inventory, publicPath: string): readonly string[] {
  if (inventory.hasHeaders === undefined) return [];
  const { encoding } = inventory.get(publicPath)!;
  if (encoding === undefined) return Object.keys(CODING_EXTENSIONS);
  return encoding === IDENTITY ? [] : [encoding];
}
