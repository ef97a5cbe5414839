import { startTimeSlice } from '../concurrency/time-slice.js';
import { StaticFilesError } from '../errors.js';
import { integrityHash } from '../model/content.js';
import { CODING_EXTENSIONS, IDENTITY, withoutCoding } from '../model/content-encoding.js';
import { INTEGRITY_ALGORITHM } from '../model/output.js';
import { inventoryOf } from '../pipeline/destination.js';
import { type ReleaseFile, type StoredFacts, storedBy } from '../pipeline/stored-manifest.js';
import type { Inventory, Storage, StoredFile } from '../storages/storage.js';
import { nameList } from '../text/name-list.js';
import type { StoredRelease } from './read.js';

/**
 * Checks that all files of a release are there. A file whose name changes with its content is recognised by name and
 * size. Other files may have been overwritten by a later release.
 *
 * @returns the public paths of files that were overwritten
 * @throws StaticFilesError `target` with the names of missing files
 */
export async function checkReleaseFiles(
  { id, files, manifest }: StoredRelease,
  storage: Storage,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const inventory = await inventoryOf(storage, signal);
  if (inventory.quiet?.going?.includes(id)) throw mayBeDeleted(id, inventory.quiet.until);
  const fingerprinted = fingerprintedPaths(manifest.paths);
  const slice = startTimeSlice(signal);
  const missing: string[] = [];
  const otherBytes: string[] = [];
  for (const [publicPath, file] of files) {
    if (slice.isOver()) await slice.yield();
    const stored = inventory.get(publicPath);
    const original = withoutCoding(publicPath);
    // Servers do without a variant: a later release may have been published with other ones.
    if (original !== publicPath && files.has(original) && stored === undefined) continue;
    if (stored?.kind === 'link') continue; // it has no size of its own
    if (stored?.kind !== 'file') missing.push(publicPath);
    else if (fingerprinted.has(original)) {
      if (!(await isWhole(inventory, publicPath, file))) missing.push(publicPath);
    } else if ((await hasPublishedBytes(inventory, publicPath, file)) === false) otherBytes.push(publicPath);
  }
  if (missing.length > 0) throw areMissing(id, missing);
  return otherBytes;
}

/** The public paths that change with the content of their file. */
function fingerprintedPaths(paths: Readonly<Record<string, string>>): ReadonlySet<string> {
  const renamed = Object.entries(paths).filter(([logicalPath, publicPath]) => logicalPath !== publicPath);
  return new Set(renamed.map(([, publicPath]) => publicPath));
}

/** Another size than the published one may be the same content in another encoding. */
async function isWhole(inventory: Inventory, publicPath: string, file: ReleaseFile): Promise<boolean> {
  if (looksLike(inventory.get(publicPath)!, storedBy(file))) return true;
  return (await hasPublishedBytes(inventory, publicPath, file)) === true;
}

function mayBeDeleted(id: string, until: Date): StaticFilesError {
  return new StaticFilesError(
    'target',
    `Release '${id}' cannot be activated now: a run that was deleting it stopped responding, and may wake up and go on. ` +
      `Collect the release again, or activate it after ${until.toISOString()}.`,
  );
}

function areMissing(id: string, missing: readonly string[]): StaticFilesError {
  return new StaticFilesError(
    'target',
    `Release '${id}' is incomplete. Missing, or not as they were published: ${nameList(missing)}. Collect it again.`,
  );
}

/** Whether a storage can do the comparison of {@link hasPublishedBytes}. */
export function canCompareBytes({ proof, digest }: Inventory): boolean {
  return digest !== undefined || (proof.kind === 'hash' && proof.algorithm === INTEGRITY_ALGORITHM);
}

/**
 * Whether a file is the one that the details of a manifest describe, byte for byte. The same content in another encoding
 * counts too: a later run may have stored it again.
 *
 * @returns `undefined` if that is unknown: the details do not say enough, or the storage cannot compare
 */
export async function hasPublishedBytes(
  inventory: Inventory,
  publicPath: string,
  file: ReleaseFile,
): Promise<boolean | undefined> {
  const stored = inventory.get(publicPath);
  if (stored?.kind !== 'file') return false;
  const wanted = storedBy(file);
  const same = await hasBytes(inventory, publicPath, wanted);
  if (same !== false || wanted.encoding === undefined) return same;
  return hasContent(inventory, publicPath, file);
}

async function hasBytes(
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

/** Whether a file has this size and encoding, as far as both are known. */
function looksLike(stored: StoredFile, { size, encoding }: StoredFacts): boolean {
  if (size !== undefined && stored.size !== size) return false;
  return stored.encoding === undefined || encoding === undefined || stored.encoding === encoding;
}

async function hasContent(
  inventory: Inventory,
  publicPath: string,
  { size, integrity, stored }: ReleaseFile,
): Promise<boolean> {
  if (size === undefined || integrity === undefined) return false;
  const content = { size, integrity };
  if (stored && (await hasBytes(inventory, publicPath, { ...content, encoding: IDENTITY }))) return true;
  for (const encoding of encodingsOf(inventory, publicPath)) {
    if (await inventory.decodesTo?.(publicPath, encoding, content)) return true;
  }
  return false;
}

/** The encodings that a file may have. A storage without headers serves each file as it is. */
function encodingsOf(inventory: Inventory, publicPath: string): readonly string[] {
  if (inventory.hasHeaders === undefined) return [];
  const { encoding } = inventory.get(publicPath)!;
  if (encoding === undefined) return Object.keys(CODING_EXTENSIONS);
  return encoding === IDENTITY ? [] : [encoding];
}
