import { StaticFilesError } from '../../errors.js';
import { lookUpContext } from '../../finders/find.js';
import type { FindContext } from '../../finders/finder.js';
import { loadMediaTypes, type MediaTypes } from '../../model/media-type.js';
import {
  activeSource,
  assertProject,
  baseUrlOf,
  publishedFolder,
  type ResolvedOptions,
} from '../../runtime/locate.js';
import type { Settings } from '../../settings/settings.js';
import { chain } from '../answer.js';
import type { Mount } from '../answering/mount.js';
import type { FileSource } from '../files/file-source.js';
import { type FindFingerprint, fingerprintFinder } from '../files/manifest-files.js';
import { otherReleases } from '../files/other-releases.js';
import { isHiddenName } from '../files/plain-files.js';
import { basePath, leavesOf, pageRules, type ServeOptions, systemPath } from '../options.js';
import { referenceChecker } from './check-references.js';
import { folderSource } from './folder-files.js';
import { folderLister } from './folder-listing.js';
import { developmentSource } from './source-files.js';

/**
 * Returns the files that are served in development: static files from the finders, the media folder, and `rootDir`.
 *
 * @throws StaticFilesError `usage` if `NODE_ENV` is `production` and the option `insecure` is not set; `settings`
 */
export async function developmentMounts(
  resolved: ResolvedOptions,
  options: ServeOptions,
): Promise<readonly Mount[]> {
  refuseInProduction(resolved, options);
  const settings = await resolved.settings();
  const isUsable =
    options.rootDir !== undefined || settings.finders.some((finder) => finder.roots().length > 0);
  await assertProject(resolved, isUsable);
  const mediaType = await loadMediaTypes();
  const pages = pageRules(options);
  const { rootDir } = options;
  const others: Mount[] = [];
  if (settings.media) {
    const source = folderSource(settings.media.root, mediaType);
    others.push({ base: basePath(settings.media.url), source, leaves: 'unknown' });
  }
  if (rootDir !== undefined) {
    others.push({
      base: '/',
      source: folderSource(systemPath(rootDir), mediaType, isServedInProduction),
      leaves: 'all',
      pages,
    });
  }
  const context = lookUpContext(settings);
  const list = options.showIndexes ? folderLister(settings.finders, context) : undefined;
  const base = basePath(await baseUrlOf(resolved));
  const check = checker(settings, context, options);
  const source = developmentSource(settings.finders, context, mediaType, (file) => {
    options.onFound?.(file);
    check(file);
  });
  const published = await publishedFingerprints(resolved, options, mediaType);
  return [
    { base, source: withFingerprints(source, published), leaves: leavesOf(base, options), pages, list },
    ...others,
  ];
}

/** Returns a source that also has the fingerprinted names of another one. */
function withFingerprints(source: FileSource, published: FindFingerprint): FileSource {
  return {
    ...source,
    find: (publicPath) => chain(source.find(publicPath), (file) => file ?? published(publicPath)),
  };
}

/** Returns a function that finds the files that earlier runs have published under fingerprinted names. */
async function publishedFingerprints(
  resolved: ResolvedOptions,
  { root }: ServeOptions,
  mediaType: MediaTypes,
): Promise<FindFingerprint> {
  const { folder, name } = await activeSource(resolved);
  const files = root === undefined ? await publishedFolder(resolved) : systemPath(root);
  if (folder === undefined || files === undefined) return () => undefined;
  // `collectstatic --link` publishes links to the sources, which are served here anyway.
  return fingerprintFinder(otherReleases(folder, name), { root: files, within: undefined, mediaType });
}

function isServedInProduction(publicPath: string): boolean {
  return !publicPath.split('/').some(isHiddenName);
}

function refuseInProduction({ env }: ResolvedOptions, { insecure = false }: ServeOptions): void {
  if (env.NODE_ENV !== 'production' || insecure) return;
  throw new StaticFilesError(
    'usage',
    "The option dev is for development, but NODE_ENV is 'production'. " +
      'Run collectstatic and serve without dev, or set the option insecure.',
  );
}

/** Ignores errors of the check: a file that cannot be read fails when it is sent. */
function checker(settings: Settings, context: FindContext, { onBroken }: ServeOptions) {
  if (onBroken === undefined) return () => {};
  const check = referenceChecker(settings.finders, context, settings.staticUrl, onBroken);
  return (file: Parameters<typeof check>[0]): void => void check(file).catch(() => {});
}
