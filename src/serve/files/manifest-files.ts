import fs from 'node:fs';
import path from 'node:path';
import { withoutFingerprint } from '../../model/fingerprinted-path.js';
import type { MediaTypes } from '../../model/media-type.js';
import { encodingsBeside } from './encodings-beside.js';
import type { EncodedFile, FileSource, FoundFile } from './file-source.js';
import { createReleaseSearch } from './other-releases.js';
import type { PublishedFile, PublishedManifest } from './published-manifest.js';

export interface ManifestFilesOptions {
  /** Absolute path of the folder of the files. */
  readonly root: string;
  /** Real folder that links must not leave. */
  readonly within: string | undefined;
  readonly mediaType: MediaTypes;
}

/**
 * Returns a source of the files that a manifest names, and of no others.
 *
 * @param otherReleases returns the manifests in which unknown fingerprints are looked up
 */
export function manifestFiles(
  manifest: PublishedManifest,
  otherReleases: () => readonly PublishedManifest[],
  options: ManifestFilesOptions,
): FileSource {
  const findElsewhere = fingerprintFinder(otherReleases, options);
  return {
    find: (publicPath) => findIn(manifest, publicPath, options) ?? findElsewhere(publicPath),
    isFingerprint: (publicPath) => withoutFingerprint(publicPath) !== undefined,
  };
}

/** Finds the file of a fingerprinted name. */
export type FindFingerprint = (publicPath: string) => FoundFile | undefined;

/**
 * Returns a function that finds fingerprinted names in several manifests.
 *
 * @param manifests returns the manifests; the same array until something is published
 */
export function fingerprintFinder(
  manifests: () => readonly PublishedManifest[],
  options: ManifestFilesOptions,
): FindFingerprint {
  const search = createReleaseSearch(options.root, manifests, (publicPath, each) =>
    findIn(each, publicPath, options),
  );
  return (publicPath) => (withoutFingerprint(publicPath) === undefined ? undefined : search(publicPath));
}

function findIn(
  manifest: PublishedManifest,
  publicPath: string,
  { root, within, mediaType }: ManifestFilesOptions,
): FoundFile | undefined {
  const details = manifest.details?.(publicPath);
  // Details of the same run name every file. A plain name that they lack was not published.
  if (details === undefined && manifest.details !== undefined && !manifest.isMixed) return undefined;
  const logicalPath = withoutFingerprint(publicPath);
  const fingerprinted = logicalPath !== undefined && manifest.publicPath(logicalPath) === publicPath;
  const known = fingerprinted || !manifest.isMixed ? details : undefined;
  const isNamed = known !== undefined || fingerprinted || manifest.publicPath(publicPath) !== undefined;
  if (!isNamed) return undefined;
  return {
    publicPath,
    file: path.join(root, publicPath),
    within,
    mediaType: known?.type ?? mediaType(publicPath),
    fingerprinted: fingerprinted || known?.immutable === true,
    integrity: known?.integrity,
    encodings: known === undefined ? encodingsOnDisk(publicPath, root) : encodingsOf(known, root),
  };
}

function encodingsOf({ encodings = {} }: PublishedFile, root: string): EncodedFile[] {
  return Object.entries(encodings).map(([coding, encoded]) => ({
    coding,
    file: path.join(root, encoded.path),
    size: encoded.size,
  }));
}

/** For a manifest without details, such as one that Django wrote. */
function encodingsOnDisk(publicPath: string, root: string): EncodedFile[] {
  return encodingsBeside(root, publicPath, (each) => fs.existsSync(path.join(root, each)));
}
