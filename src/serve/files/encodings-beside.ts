import path from 'node:path';
import type { EncodedFile } from './file-source.js';

/** By their extensions, as `compress` and other programs lay them beside a file. */
const EXTENSIONS = { br: '.br', zstd: '.zst', gzip: '.gz' } as const;

/**
 * The compressed variants that seem to belong to a file, by their names.
 *
 * @param root absolute
 * @param isThere whether a public path is there
 */
export function encodingsBeside(
  root: string,
  publicPath: string,
  isThere: (publicPath: string) => boolean,
): EncodedFile[] {
  return Object.entries(EXTENSIONS)
    .filter(([, extension]) => isThere(publicPath + extension))
    .map(([coding, extension]) => ({
      coding,
      file: path.join(root, publicPath + extension),
      unproven: true,
    }));
}
