import { StaticFilesError } from '../errors.js';
import { realPath } from '../files/system-path.js';
import { loadMediaTypes } from '../model/media-type.js';
import {
  activeSource,
  assertProject,
  baseUrlOf,
  hasPlainNames,
  hasPublishedFiles,
  missingManifest,
  publishedFolder,
  type ResolvedOptions,
  sourceOf,
} from '../runtime/locate.js';
import type { Mount } from './answering/mount.js';
import type { FileSource } from './files/file-source.js';
import { manifestFiles } from './files/manifest-files.js';
import { otherReleases } from './files/other-releases.js';
import { plainFiles } from './files/plain-files.js';
import { readPublished } from './files/published-manifest.js';
import { basePath, leavesOf, pageRules, type ServeOptions, systemPath } from './options.js';

/**
 * Returns the published files, and the paths below which they are served.
 *
 * @param isAssumed whether nobody has said that this is production
 * @throws StaticFilesError `target` if the manifest or a folder cannot be read; `settings`, `usage`
 */
export async function loadMounts(
  resolved: ResolvedOptions,
  options: ServeOptions,
  isAssumed: boolean,
): Promise<readonly Mount[]> {
  const { rootDir, fallback } = options;
  const pages = pageRules(options);
  const base = basePath(await baseUrlOf(resolved));
  const source = await publishedFiles(resolved, options, isAssumed);
  const mounts: Mount[] = [{ base, source, leaves: leavesOf(base, options), pages }];
  if (rootDir !== undefined) {
    const rootFiles = await folderFiles(systemPath(rootDir), options);
    mounts.push({ base: '/', source: rootFiles, leaves: 'all', pages });
  }
  if (fallback !== undefined) await assertPublished(fallback, mounts);
  return mounts;
}

async function assertPublished(fallback: string, mounts: readonly Mount[]): Promise<void> {
  for (const { source } of mounts) if ((await source.find(fallback)) !== undefined) return;
  throw new StaticFilesError(
    'usage',
    `The option fallback names '${fallback}', which is not among the served files. Collect it under this name, or correct the option.`,
  );
}

async function publishedFiles(
  resolved: ResolvedOptions,
  options: ServeOptions,
  isAssumed: boolean,
): Promise<FileSource> {
  const root = await rootOf(resolved, options);
  const source = await sourceOf(resolved);
  const manifest = await readPublished(source, resolved.warn);
  if (manifest !== undefined) {
    const { folder, name } = await activeSource(resolved);
    const others = folder === undefined ? () => [] : otherReleases(folder, name);
    const mediaType = await loadMediaTypes();
    if (isAssumed) {
      const { warnOfNewerSources } = await import('../runtime/newer-sources.js');
      await warnOfNewerSources(resolved, { get: manifest.publicPath });
    }
    return manifestFiles(manifest, others, { root, within: boundary(root, options), mediaType });
  }
  if (!(await hasPlainNames(resolved))) throw missingManifest(source);
  await assertProject(resolved, options.root !== undefined || (await hasPublishedFiles(resolved)));
  return folderFiles(root, options);
}

/** Returns the folder of the published files. */
async function rootOf(resolved: ResolvedOptions, { root }: ServeOptions): Promise<string> {
  if (root !== undefined) return systemPath(root);
  const folder = await publishedFolder(resolved);
  if (folder !== undefined) return folder;
  const { storage } = await resolved.settings();
  throw new StaticFilesError(
    'usage',
    `The files are published to the storage '${storage.name}', which is not a folder on this machine. ` +
      'Serve them from there, or set the option root to the folder of a copy.',
  );
}

async function folderFiles(root: string, options: ServeOptions): Promise<FileSource> {
  return plainFiles({ root, within: boundary(root, options), mediaType: await loadMediaTypes() });
}

/** Returns the folder that links must not leave. */
function boundary(root: string, { followLinks = false }: ServeOptions): string | undefined {
  return followLinks ? undefined : realPath(root);
}
