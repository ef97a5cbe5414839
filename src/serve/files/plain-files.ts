import fs from 'node:fs';
import path from 'node:path';
import { cannotRead } from '../../files/bytes.js';
import { isWithin } from '../../files/system-path.js';
import type { MediaTypes } from '../../model/media-type.js';
import { encodingsBeside } from './encodings-beside.js';
import type { FileSource } from './file-source.js';

export interface PlainFilesOptions {
  /** Absolute path of the folder of the files. */
  readonly root: string;
  /** Real folder that links must not leave. */
  readonly within: string | undefined;
  readonly mediaType: MediaTypes;
}

/**
 * Returns a source of the files that a folder contains now, without those whose name begins with a dot.
 *
 * @throws StaticFilesError `target` if the folder cannot be read
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

/** The one folder with a dot that is public: https://www.rfc-editor.org/rfc/rfc8615 */
const WELL_KNOWN = '.well-known';

/** Whether files and folders of that name are never served. */
export function isHiddenName(name: string): boolean {
  return name.startsWith('.') && name !== WELL_KNOWN;
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

/** @param above real paths of the parent folders; a link to one of them would be an endless loop */
async function* walk(
  root: string,
  within: string | undefined,
  folder: string,
  above: ReadonlySet<string>,
): AsyncGenerator<string, void, void> {
  const real = await fs.promises.realpath(path.join(root, folder));
  if (above.has(real) || (within !== undefined && !isWithin(real, within))) return;
  const parents = new Set(above).add(real);
  for (const entry of await fs.promises.readdir(real, { withFileTypes: true })) {
    if (isHiddenName(entry.name)) continue;
    const publicPath = folder + entry.name;
    const kind = entry.isSymbolicLink() ? await kindOf(path.join(real, entry.name)) : entry;
    if (kind?.isDirectory()) yield* walk(root, within, `${publicPath}/`, parents);
    else if (kind?.isFile()) yield publicPath;
  }
}

async function kindOf(link: string): Promise<fs.Stats | undefined> {
  return fs.promises.stat(link).catch(() => undefined);
}
