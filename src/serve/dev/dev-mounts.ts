import { StaticFilesError } from '../../errors.js';
import { lookUpContext } from '../../finders/find.js';
import type { FindContext } from '../../finders/finder.js';
import { loadMediaTypes } from '../../model/media-type.js';
import { baseUrlOf, type Choice } from '../../runtime/locate.js';
import type { Settings } from '../../settings/settings.js';
import type { Mount } from '../answering/mount.js';
import { isHiddenName } from '../files/plain-files.js';
import type { ServeOptions } from '../options.js';
import { basePath, systemPath } from '../published.js';
import { referenceChecker } from './check-references.js';
import { folderSource } from './folder-files.js';
import { folderLister } from './folder-listing.js';
import { developmentSource } from './source-files.js';

/**
 * What is served in development: static files as the finders find them, the media folder, and the folder of files at `/`.
 *
 * @throws StaticFilesError `usage` where `NODE_ENV` is `production`, unless that is said to be meant; `settings`
 */
export async function developmentMounts(choice: Choice, options: ServeOptions): Promise<readonly Mount[]> {
  refuseInProduction(choice, options);
  const settings = await choice.settings();
  const mediaType = await loadMediaTypes();
  const { indexFile, fallthrough = false, rootDir } = options;
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
      indexFile,
    });
  }
  const context = lookUpContext(settings);
  const list = options.showIndexes ? folderLister(settings.finders, context) : undefined;
  const base = basePath(await baseUrlOf(choice));
  const check = checker(settings, context, options);
  const source = developmentSource(settings.finders, context, mediaType, (file) => {
    options.onFound?.(file);
    check(file);
  });
  return [{ base, source, leaves: fallthrough ? 'unknown' : 'none', indexFile, list }, ...others];
}

function isServedInProduction(publicPath: string): boolean {
  return !publicPath.split('/').some(isHiddenName);
}

function refuseInProduction({ env }: Choice, { insecure = false }: ServeOptions): void {
  if (env.NODE_ENV !== 'production' || insecure) return;
  throw new StaticFilesError(
    'usage',
    'Development serving (the option dev) answers with whatever the sources hold, and slowly: it is not meant for production, ' +
      'which NODE_ENV says this is. Collect, and serve without dev; or set the option insecure, if you mean it.',
  );
}

/** A file that cannot be checked is answered all the same: its error shows there. */
function checker(settings: Settings, context: FindContext, { onBroken }: ServeOptions) {
  if (onBroken === undefined) return () => {};
  const check = referenceChecker(settings.finders, context, settings.staticUrl, onBroken);
  return (file: Parameters<typeof check>[0]): void => void check(file).catch(() => {});
}
