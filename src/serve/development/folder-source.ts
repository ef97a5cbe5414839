import fs from 'node:fs';
import path from 'node:path';
import type { MediaTypes } from '../../media-type.js';
import { realPath } from '../../paths.js';
import type { FileSource } from '../files/file-source.js';

/**
 * Answers with the files of a folder as they are now. Links out of the folder are refused.
 *
 * @param folder absolute; it need not be there yet
 */
export function folderSource(folder: string, mediaType: MediaTypes): FileSource {
  return {
    live: true,
    find(publicPath) {
      if (publicPath === '' || publicPath.endsWith('/')) return undefined;
      const file = path.join(folder, publicPath);
      if (!fs.statSync(file, { throwIfNoEntry: false })?.isFile()) return undefined;
      return {
        publicPath,
        file,
        within: realPath(folder),
        mediaType: mediaType(publicPath),
        fingerprinted: false,
        encodings: [],
      };
    },
    isFingerprint: () => false,
  };
}
