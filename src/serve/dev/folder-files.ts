import path from 'node:path';
import { createIsListed, isExactFile } from '../../files/exact-names.js';
import { realPath } from '../../files/system-path.js';
import type { MediaTypes } from '../../model/media-type.js';
import type { FileSource } from '../files/file-source.js';

/**
 * Returns a source of the files that a folder contains at each request. Names must match the case on disk, and links
 * must not leave the folder.
 *
 * @param folder absolute path; the folder need not exist yet
 * @param isServed whether a path may be served
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
