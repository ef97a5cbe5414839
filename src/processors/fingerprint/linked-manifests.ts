import { readBody } from '../../model/body.js';
import { createResolver } from '../../references/resolve.js';
import { loadWebManifestScanner } from '../../references/scanners.js';
import type { TrackedFile } from './track-files.js';

/** What a manifest becomes is the same object in each run of a session, so that later stages skip it. */
const scanned = new WeakMap<TrackedFile, TrackedFile>();

/**
 * Scans the files without references that `<link rel=manifest>` of a page makes web manifests, such as `manifest.json`.
 *
 * @returns all files, in the same order
 */
export async function scanLinkedManifests(
  files: readonly TrackedFile[],
  staticUrl: string,
): Promise<readonly TrackedFile[]> {
  const paths = linkedPaths(files, staticUrl);
  if (paths.size === 0) return files;
  const scan = await loadWebManifestScanner();
  return files.map((file) => {
    const { output, digest, body } = file;
    const isType = digest.scan === undefined && output.variantOf === undefined;
    if (!isType || !paths.has(output.logicalPath)) return file;
    let manifest = scanned.get(file);
    if (manifest === undefined) {
      manifest = { ...file, digest: { ...digest, scan: scan(Buffer.from(readBody(body))) } };
      scanned.set(file, manifest);
    }
    return manifest;
  });
}

/** The logical paths that pages call web manifests. */
function linkedPaths(files: readonly TrackedFile[], staticUrl: string): ReadonlySet<string> {
  const resolve = createResolver(staticUrl);
  const paths = new Set<string>();
  for (const { output, digest } of files) {
    for (const { url, targetType } of digest.scan?.references ?? []) {
      if (targetType !== 'webmanifest') continue;
      const resolution = resolve(url, output.logicalPath);
      if ('logicalPath' in resolution) paths.add(resolution.logicalPath);
    }
  }
  return paths;
}
