import type { Inventory } from '../storages/storage.js';
import type { ReleaseFile } from './release-contents.js';

/** What the details of manifests know of bytes, and how `node:crypto` calls it. */
const ALGORITHM = 'sha384';
const INTEGRITY_START = 'sha384-';

/** Whether a storage has a way to tell what {@link hasPublishedBytes} asks. */
export function canCompareBytes({ proof, digest }: Inventory): boolean {
  return digest !== undefined || (proof.kind === 'hash' && proof.algorithm === ALGORITHM);
}

/**
 * Whether the file at a path is the one that a manifest's details tell of, byte for byte.
 *
 * @returns `undefined` where that cannot be told: the details do not say enough, or the storage has no way to compare
 */
export async function hasPublishedBytes(
  inventory: Inventory,
  publicPath: string,
  { size, integrity }: ReleaseFile,
): Promise<boolean | undefined> {
  const stored = inventory.get(publicPath);
  if (stored?.kind !== 'file') return false;
  if (size !== undefined && stored.size !== size) return false;
  if (!integrity?.startsWith(INTEGRITY_START)) return undefined;
  const { proof } = inventory;
  const known = proof.kind === 'hash' && proof.algorithm === ALGORITHM ? stored.hash : undefined;
  const digest = known ?? (await inventory.digest?.(publicPath, ALGORITHM));
  const wanted = Buffer.from(integrity.slice(INTEGRITY_START.length), 'base64').toString('hex');
  return digest === undefined ? undefined : digest === wanted;
}
