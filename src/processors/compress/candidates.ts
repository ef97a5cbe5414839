import path from 'node:path';
import compressible from 'compressible';
import type { HashedOutput } from '../../model/content.js';
import type { MediaTypes } from '../../model/media-type.js';
import type { Output } from '../../model/output.js';
import { MAX_NAME_BYTES } from '../../model/public-path.js';

/**
 * The outputs that get compressed variants: those whose type gains by it, under the names by which they are served. That
 * is the fingerprinted one where there is one.
 */
export function candidatesOf(
  outputs: readonly HashedOutput[],
  originals: boolean,
  mediaType: MediaTypes,
): readonly HashedOutput[] {
  const renamed = new Set<string>();
  for (const output of outputs) if (isRenamed(output)) renamed.add(output.logicalPath);
  const gains = new Map<string, boolean>();
  return outputs.filter((output) => {
    if (output.variantOf !== undefined) return false;
    if (!originals && !isRenamed(output) && renamed.has(output.logicalPath)) return false;
    const type = mediaType(output.publicPath);
    if (!gains.has(type)) gains.set(type, compressible(type) === true);
    return gains.get(type)!;
  });
}

/** Whether it is a file under another name than its own; a variant has the name of its file. */
function isRenamed({ logicalPath, publicPath, variantOf }: Output): boolean {
  return variantOf === undefined && publicPath !== logicalPath;
}

/** Whether a variant's name is one that file systems take. */
export function isNameable(publicPath: string): boolean {
  return Buffer.byteLength(path.posix.basename(publicPath)) <= MAX_NAME_BYTES;
}
