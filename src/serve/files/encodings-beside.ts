import path from 'node:path';
import { CODING_EXTENSIONS } from '../../content-codings.js';
import type { EncodedFile } from './file-source.js';

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
  return Object.entries(CODING_EXTENSIONS)
    .filter(([, extension]) => isThere(publicPath + extension))
    .map(([coding, extension]) => ({
      coding,
      file: path.join(root, publicPath + extension),
      unproven: true,
    }));
}
