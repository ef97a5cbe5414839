import { CODING_EXTENSIONS, IDENTITY } from '../content-codings.js';
import { INTEGRITY_ALGORITHM, integrityHash } from '../content-facts.js';
import type { Inventory, StoredFile } from '../storages/storage.js';
import { type ReleaseFile, type StoredFacts, storedBy } from './release-contents.js';

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
export function looksLike(stored: StoredFile, { size, encoding }: StoredFacts): boolean {
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
