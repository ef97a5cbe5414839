import path from 'node:path';
import compressible from 'compressible';
import type { HashedOutput } from '../../model/content.js';
import type { MediaTypes } from '../../model/media-type.js';
import type { Output } from '../../model/output.js';
import { MAX_NAME_BYTES } from '../../model/public-path.js';

/**
 * Returns the outputs that get compressed variants: those with a compressible media type, under the name by which they
 * are served. If a file is published with a fingerprint, its plain name gets none.
 *
 * @param originals whether plain names get variants in any case
 */
export function candidatesOf(
  outputs: readonly HashedOutput[],
  originals: boolean,
  mediaType: MediaTypes,
): readonly HashedOutput[] {
  const renamed = new Set<string>();
  for (const output of outputs) if (isRenamed(output)) renamed.add(output.logicalPath);
  const compressibleTypes = new Map<string, boolean>();
  return outputs.filter((output) => {
    if (output.variantOf !== undefined) return false;
    if (!originals && !isRenamed(output) && renamed.has(output.logicalPath)) return false;
    const type = mediaType(output.publicPath);
    if (!compressibleTypes.has(type)) compressibleTypes.set(type, compressible(type) === true);
    return compressibleTypes.get(type)!;
  });
}

/** Whether a processor has renamed the file. A variant always has another name, but is not renamed. */
function isRenamed({ logicalPath, publicPath, variantOf }: Output): boolean {
  return variantOf === undefined && publicPath !== logicalPath;
}

/** Whether a variant's name is short enough for file systems. */
export function isNameable(publicPath: string): boolean {
  return Buffer.byteLength(path.posix.basename(publicPath)) <= MAX_NAME_BYTES;
}
