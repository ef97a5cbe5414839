import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { StaticFilesError } from '../errors.js';
import { realPath } from '../files/system-path.js';
import { loadMediaTypes } from '../model/media-type.js';
import {
  baseUrlOf,
  type Choice,
  isPlain,
  missingManifest,
  newestSource,
  sourceOf,
} from '../runtime/locate.js';
import type { Mount } from './answering/mount.js';
import type { FileSource } from './files/file-source.js';
import { manifestFiles } from './files/manifest-files.js';
import { otherReleases } from './files/other-releases.js';
import { plainFiles } from './files/plain-files.js';
import { readPublished } from './files/published-manifest.js';
import type { ServeOptions } from './options.js';

/**
 * Finds out what is published, and under which paths.
 *
 * @throws StaticFilesError `target` where the manifest or a folder cannot be read; `settings`, `usage`
 */
export async function loadMounts(choice: Choice, options: ServeOptions): Promise<readonly Mount[]> {
  const { indexFile, fallthrough = false, rootDir } = options;
  const base = basePath(await baseUrlOf(choice));
  const source = await publishedFiles(choice, options);
  const statics: Mount = { base, source, leaves: fallthrough ? 'unknown' : 'none', indexFile };
  if (rootDir === undefined) return [statics];
  const others = await folderFiles(systemPath(rootDir), options);
  return [statics, { base: '/', source: others, leaves: 'all', indexFile }];
}

/** The path that requests are made to, where the files' URL may be one of a CDN that fetches them here. */
export function basePath(baseUrl: string): string {
  const { pathname } = new URL(baseUrl, 'http://site.invalid');
  if (pathname.endsWith('/')) return pathname;
  throw new StaticFilesError('usage', `baseUrl must end in '/': '${baseUrl}'.`);
}

async function publishedFiles(choice: Choice, options: ServeOptions): Promise<FileSource> {
  const root = await rootOf(choice, options);
  const source = await sourceOf(choice);
  const manifest = await readPublished(source, choice.warn);
  if (manifest !== undefined) {
    const { folder, name } = await newestSource(choice);
    const others = folder === undefined ? () => [] : otherReleases(folder, name);
    const mediaType = await loadMediaTypes();
    return manifestFiles(manifest, others, { root, within: boundary(root, options), mediaType });
  }
  if (await isPlain(choice)) return folderFiles(root, options);
  throw missingManifest(source);
}

async function rootOf(choice: Choice, { root, manifest }: ServeOptions): Promise<string> {
  if (root !== undefined) return systemPath(root);
  const { folder } = await newestSource(choice);
  if (manifest !== undefined && folder !== undefined) return folder;
  const { storage } = await choice.settings();
  if (storage.folder !== undefined) return storage.folder;
  throw new StaticFilesError(
    'usage',
    `The files are published to the storage '${storage.name}', which is no folder of this machine: serve them from there, ` +
      'or say in the option root where a copy of them is.',
  );
}

async function folderFiles(root: string, options: ServeOptions): Promise<FileSource> {
  return plainFiles({ root, within: boundary(root, options), mediaType: await loadMediaTypes() });
}

/** Where links may lead. */
function boundary(root: string, { followLinks = false }: ServeOptions): string | undefined {
  return followLinks ? undefined : realPath(root);
}

export function systemPath(folder: string | URL): string {
  return path.resolve(folder instanceof URL ? fileURLToPath(folder) : folder);
}
