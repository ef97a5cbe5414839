import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { StaticFilesError, systemErrorCode } from '../errors.js';
import { cannotRead, readRegularFile } from '../files/bytes.js';
import { isReleaseId } from '../manifest/release.js';

/** Folder or storage from which a manifest and its details are read. */
export interface ManifestSource {
  /** Name of the manifest: `staticfiles.json`. */
  readonly name: string;
  /** Returns the full path or URL of a name, for messages. */
  describe(name: string): string;
  /** Absolute path of the folder; `undefined` for a storage that is not a local folder. */
  readonly folder?: string | undefined;
  /**
   * Returns the text under a name; `undefined` if there is none.
   *
   * @throws StaticFilesError `target` if it cannot be read
   */
  read(name: string): Promise<string | undefined>;
}

/** Returns the source of a manifest at a path or a `file:` URL. */
export function fileSource(manifest: string | URL): ManifestSource {
  const file = path.resolve(manifest instanceof URL ? fileURLToPath(manifest) : manifest);
  const { dir, base: name } = path.parse(file);
  return {
    name,
    folder: dir,
    describe: (each) => path.join(dir, each),
    read: (each) => readFile(path.join(dir, each)),
  };
}

async function readFile(file: string): Promise<string | undefined> {
  try {
    return (await readRegularFile(file)).toString();
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return undefined;
    throw cannotRead('target', `'${file}'`, error);
  }
}

/**
 * Returns the source of a release's manifest, which is in a folder beside the active one: `<release>/staticfiles.json`.
 *
 * @throws StaticFilesError `usage` if the id cannot be a folder's name
 */
export function releaseSource(source: ManifestSource, release: string): ManifestSource {
  if (!isReleaseId(release)) {
    throw new StaticFilesError(
      'usage',
      `Invalid release '${release}': the id (option release, variable RELEASE_ID) must be the name of a folder.`,
    );
  }
  const inRelease = (name: string) => `${release}/${name}`;
  return {
    name: source.name,
    folder: source.folder && path.join(source.folder, release),
    describe: (name) => source.describe(inRelease(name)),
    read: (name) => source.read(inRelease(name)),
  };
}
