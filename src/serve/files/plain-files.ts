import fs from 'node:fs';
import path from 'node:path';
import { cannotRead } from '../../files/bytes.js';
import { isWithin } from '../../files/system-path.js';
import type { MediaTypes } from '../../model/media-type.js';
import type { FileSource } from './file-source.js';
import { encodingsBeside } from './manifest-files.js';

export interface PlainFilesOptions {
  /** The absolute folder that the files are in. */
  readonly root: string;
  /** The real folder that they may not lead out of by links. */
  readonly within: string | undefined;
  readonly mediaType: MediaTypes;
}

/** The one folder with a dot that is meant for others: https://www.rfc-editor.org/rfc/rfc8615 */
const WELL_KNOWN = '.well-known';

/** Whether a file or folder of that name is never served. */
export function isHiddenName(name: string): boolean {
  return name.startsWith('.') && name !== WELL_KNOWN;
}

/**
 * The files in a folder when it is called. Nothing whose name begins with a dot is among them.
 *
 * @throws StaticFilesError `target` where the folder cannot be read
 */
export async function plainFiles({ root, within, mediaType }: PlainFilesOptions): Promise<FileSource> {
  const paths = await pathsIn(root, within);
  return {
    find(publicPath) {
      if (!paths.has(publicPath)) return undefined;
      return {
        publicPath,
        file: path.join(root, publicPath),
        within,
        mediaType: mediaType(publicPath),
        fingerprinted: false,
        encodings: encodingsBeside(root, publicPath, (each) => paths.has(each)),
      };
    },
    isFingerprint: () => false,
  };
}

async function pathsIn(root: string, within: string | undefined): Promise<ReadonlySet<string>> {
  const paths = new Set<string>();
  try {
    for await (const publicPath of walk(root, within, '', new Set())) paths.add(publicPath);
  } catch (error) {
    throw cannotRead('target', `the folder '${root}'`, error);
  }
  return paths;
}

/** @param above the real paths of the folders on the way here: a link to one of them would lead round for ever */
async function* walk(
  root: string,
  within: string | undefined,
  folder: string,
  above: ReadonlySet<string>,
): AsyncGenerator<string, void, void> {
  const real = await fs.promises.realpath(path.join(root, folder));
  if (above.has(real) || (within !== undefined && !isWithin(real, within))) return;
  const onTheWay = new Set(above).add(real);
  for (const entry of await fs.promises.readdir(real, { withFileTypes: true })) {
    if (isHiddenName(entry.name)) continue;
    const publicPath = folder + entry.name;
    const kind = entry.isSymbolicLink() ? await kindOf(path.join(real, entry.name)) : entry;
    if (kind?.isDirectory()) yield* walk(root, within, `${publicPath}/`, onTheWay);
    else if (kind?.isFile()) yield publicPath;
  }
}

async function kindOf(link: string): Promise<fs.Stats | undefined> {
  return fs.promises.stat(link).catch(() => undefined);
}
