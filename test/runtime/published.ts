import { buildManifest, detailsNameOf } from '../../src/manifest/manifest.js';
import type { Project } from '../support/project.js';

/** Import map of a manifest, and entries of its details by public path. */
export interface PublishedMore {
  readonly importmap?: object;
  readonly files?: object;
}

/** Writes a manifest as collectstatic does, and its details if `files` is given. */
export function publishManifest(
  project: Project,
  paths: Readonly<Record<string, string>>,
  { importmap, files }: PublishedMore = {},
  name = 'root/staticfiles.json',
): void {
  const body = { kind: 'bytes' as const, bytes: Buffer.from('') };
  const outputs = Object.entries(paths).map(([logicalPath, publicPath]) => ({
    logicalPath,
    publicPath,
    body,
  }));
  const { bytes, hash } = buildManifest(outputs, importmap && { importmap });
  const details = { version: '1.0', manifest: hash, files };
  project.write({
    ...(files && { [detailsNameOf(name)]: JSON.stringify(details) }),
    [name]: bytes.toString(),
  });
}
