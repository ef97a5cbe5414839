import { StaticFilesError } from '../../errors.js';
import { lookUpContext } from '../../finders/find.js';
import type { FindContext } from '../../finders/finder.js';
import { loadMediaTypes } from '../../model/media-type.js';
import { baseUrlOf, type ResolvedOptions } from '../../runtime/locate.js';
import type { Settings } from '../../settings/settings.js';
import type { Mount } from '../answering/mount.js';
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
  return [{ base, source, leaves: leavesOf(base, options), pages, list }, ...others];
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
