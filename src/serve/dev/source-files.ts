import { findStaticFile } from '../../finders/find.js';
import type { FindContext, Finder } from '../../finders/finder.js';
import type { MediaTypes } from '../../model/media-type.js';
import type { StaticFile } from '../../model/static-file.js';
import type { FileSource } from '../files/file-source.js';

/**
 * Returns a source of the files that a run would collect, under their plain names. The finders are asked at each request.
 *
 * @param onFound called for each file that answers a request
 */
export function developmentSource(
  finders: readonly Finder[],
  context: FindContext,
  mediaType: MediaTypes,
  onFound: (file: StaticFile) => void,
): FileSource {
  return {
    live: true,
    async find(publicPath) {
      if (publicPath === '' || publicPath.endsWith('/')) return undefined;
      const file = await findStaticFile(finders, publicPath, context);
      if (file === undefined) return undefined;
      onFound(file);
      return {
        publicPath,
        file: file.sourcePath,
        mediaType: mediaType(publicPath),
        fingerprinted: false,
        encodings: [],
      };
    },
    isFingerprint: () => false,
  };
}
