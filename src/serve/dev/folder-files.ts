import path from 'node:path';
import { createIsListed, isExactFile } from '../../files/exact-names.js';
import { realPath } from '../../files/system-path.js';
import type { MediaTypes } from '../../model/media-type.js';
import type { FileSource } from '../files/file-source.js';

/**
 * Answers with the files of a folder as they are now, under the names that they have on the disk. Links out of the
 * folder are refused.
 *
 * @param folder absolute; it need not be there yet
 * @param isServed whether a path may be answered at all
 */
export function folderSource(
  folder: string,
  mediaType: MediaTypes,
  isServed: (publicPath: string) => boolean = () => true,
): FileSource {
  const isListed = createIsListed();
  return {
    live: true,
    find(publicPath) {
      if (publicPath === '' || publicPath.endsWith('/') || !isServed(publicPath)) return undefined;
      if (!isExactFile(folder, publicPath, isListed)) return undefined;
      return {
        publicPath,
        file: path.join(folder, publicPath),
        within: realPath(folder),
        mediaType: mediaType(publicPath),
        fingerprinted: false,
        encodings: [],
      };
    },
    isFingerprint: () => false,
  };
}
