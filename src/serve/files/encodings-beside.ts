import path from 'node:path';
import { CODING_EXTENSIONS } from '../../model/content-encoding.js';
import type { EncodedFile } from './file-source.js';

/**
 * Returns the compressed variants of a file by their names, `app.css.br` beside `app.css`. Nothing says that they belong
 * to the file, so each is compared with it before it is sent.
 *
 * @param root absolute path of the folder of the files
 * @param exists whether a public path exists
 */
export function encodingsBeside(
  root: string,
  publicPath: string,
  exists: (publicPath: string) => boolean,
): EncodedFile[] {
  return Object.entries(CODING_EXTENSIONS)
    .filter(([, extension]) => exists(publicPath + extension))
    .map(([coding, extension]) => ({
      coding,
      file: path.join(root, publicPath + extension),
      unproven: true,
    }));
}
