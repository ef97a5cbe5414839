import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { StaticFilesError, systemErrorCode } from '../errors.js';
import { cannotRead, readRegularFile } from '../files/bytes.js';
import { isReleaseId } from '../manifest/release.js';

/** Where a manifest and its details are read. */
export interface ManifestSource {
  /** The manifest's name: `staticfiles.json`. */
  readonly name: string;
  /** A name as a person would find it. */
  describe(name: string): string;
  /** The absolute folder that they are in, where it is one of this machine. */
  readonly folder?: string | undefined;
  /**
   * The text under a name; `undefined` where there is none.
   *
   * @throws StaticFilesError `target` where it cannot be read
   */
  read(name: string): Promise<string | undefined>;
}

/** A manifest at a path or a `file:` URL. */
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
 * The manifest of one release, in a folder of its own beside the newest one: `<release>/staticfiles.json`.
 *
 * @throws StaticFilesError `usage` where the id cannot be a folder's name
 */
export function releaseSource(source: ManifestSource, release: string): ManifestSource {
  if (!isReleaseId(release)) {
    throw new StaticFilesError(
      'usage',
      `'${release}' cannot be a release: its id (RELEASE_ID, the option release) is the name of a folder.`,
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
