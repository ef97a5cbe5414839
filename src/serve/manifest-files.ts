import path from 'node:path';
import type { MediaTypes } from '../media-type.js';
import type { EncodedFile, FileSource, FoundFile } from './file-source.js';
import { withoutFingerprint } from './fingerprint-name.js';
import type { PublishedFile, PublishedManifest } from './published-manifest.js';

export interface ManifestFilesOptions {
  /** The absolute folder that the files are in. */
  readonly root: string;
  /** The real folder that they may not lead out of by links. */
  readonly within: string | undefined;
  readonly mediaType: MediaTypes;
}

/** The files that a manifest names, and no others. */
export function manifestFiles(manifest: PublishedManifest, options: ManifestFilesOptions): FileSource {
  return {
    find: (publicPath) => findIn(manifest, publicPath, options),
    isFingerprint: (publicPath) => withoutFingerprint(publicPath) !== undefined,
  };
}

/** The file of a public path, if a manifest names it. */
export function findIn(
  { publicPath: publicPathOf, details }: PublishedManifest,
  publicPath: string,
  options: ManifestFilesOptions,
): FoundFile | undefined {
  const logicalPath = withoutFingerprint(publicPath);
  const fingerprinted = logicalPath !== undefined && publicPathOf(logicalPath) === publicPath;
  const isNamed = () => fingerprinted || publicPathOf(publicPath) !== undefined;
  const known = details ? details(publicPath) : isNamed() ? {} : undefined;
  return known && foundFile(publicPath, fingerprinted, known, options);
}

function foundFile(
  publicPath: string,
  fingerprinted: boolean,
  { type, integrity, encodings = {} }: PublishedFile,
  { root, within, mediaType }: ManifestFilesOptions,
): FoundFile {
  return {
    publicPath,
    file: path.join(root, publicPath),
    within,
    mediaType: type ?? mediaType(publicPath),
    fingerprinted,
    integrity,
    encodings: Object.entries(encodings).map(
      ([coding, encoded]): EncodedFile => ({
        coding,
        file: path.join(root, encoded.path),
        size: encoded.size,
      }),
    ),
  };
}
