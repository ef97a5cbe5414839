import fs from 'node:fs';
import path from 'node:path';
import { CODING_EXTENSIONS } from '../../model/content-encoding.js';
import { withoutFingerprint } from '../../model/fingerprinted-path.js';
import type { MediaTypes } from '../../model/media-type.js';
import type { EncodedFile, FileSource, FoundFile } from './file-source.js';
import { createReleaseSearch } from './other-releases.js';
import type { PublishedFile, PublishedManifest } from './published-manifest.js';

export interface ManifestFilesOptions {
  /** The absolute folder that the files are in. */
  readonly root: string;
  /** The real folder that they may not lead out of by links. */
  readonly within: string | undefined;
  readonly mediaType: MediaTypes;
}

/**
 * The files that a manifest names, and no others.
 *
 * @param others the manifests of other releases, where fingerprints are looked up that this one does not know
 */
export function manifestFiles(
  manifest: PublishedManifest,
  others: () => readonly PublishedManifest[],
  options: ManifestFilesOptions,
): FileSource {
  const find = (publicPath: string, each: PublishedManifest) => findIn(each, publicPath, options);
  const findElsewhere = createReleaseSearch(options.root, others, find);
  return {
    find(publicPath) {
      const found = find(publicPath, manifest);
      if (found !== undefined || withoutFingerprint(publicPath) === undefined) return found;
      return findElsewhere(publicPath);
    },
    isFingerprint: (publicPath) => withoutFingerprint(publicPath) !== undefined,
  };
}

function findIn(
  manifest: PublishedManifest,
  publicPath: string,
  { root, within, mediaType }: ManifestFilesOptions,
): FoundFile | undefined {
  const said = manifest.details?.(publicPath);
  // Details of the same run name every file: plain names may have been left out.
  if (said === undefined && manifest.details !== undefined && !manifest.isMixed) return undefined;
  const logicalPath = withoutFingerprint(publicPath);
  const fingerprinted = logicalPath !== undefined && manifest.publicPath(logicalPath) === publicPath;
  const known = fingerprinted || !manifest.isMixed ? said : undefined;
  const isNamed = known !== undefined || fingerprinted || manifest.publicPath(publicPath) !== undefined;
  if (!isNamed) return undefined;
  return {
    publicPath,
    file: path.join(root, publicPath),
    within,
    mediaType: known?.type ?? mediaType(publicPath),
    fingerprinted,
    integrity: known?.integrity,
    encodings: known === undefined ? besides(root, publicPath) : encodingsOf(known, root),
  };
}

function encodingsOf({ encodings = {} }: PublishedFile, root: string): EncodedFile[] {
  return Object.entries(encodings).map(([coding, encoded]) => ({
    coding,
    file: path.join(root, encoded.path),
    size: encoded.size,
  }));
}

/** Of a manifest without details, such as Django's, nobody tells which variants there are. */
function besides(root: string, publicPath: string): EncodedFile[] {
  return encodingsBeside(root, publicPath, (each) => fs.existsSync(path.join(root, each)));
}

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
