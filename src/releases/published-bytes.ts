import { INTEGRITY_ALGORITHM, integrityHash } from '../content-facts.js';
import type { Inventory } from '../storages/storage.js';
import type { ReleaseFile } from './release-contents.js';

/** Whether a storage has a way to tell what {@link hasPublishedBytes} asks. */
export function canCompareBytes({ proof, digest }: Inventory): boolean {
  return digest !== undefined || (proof.kind === 'hash' && proof.algorithm === INTEGRITY_ALGORITHM);
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
  const wanted = integrity && integrityHash(integrity);
  if (!wanted) return undefined;
  const { proof } = inventory;
  const algorithm = stored.hashAlgorithm ?? (proof.kind === 'hash' ? proof.algorithm : undefined);
  const known = algorithm === INTEGRITY_ALGORITHM ? stored.hash : undefined;
  const digest = known ?? (await inventory.digest?.(publicPath, INTEGRITY_ALGORITHM));
  return digest === undefined ? undefined : digest === wanted;
}
