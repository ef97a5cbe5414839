import { hasPlainNames, hasPublishedFiles, type ResolvedOptions } from './locate.js';

/** Whether names and files are those of the sources, or what `collectstatic` has published. */
interface Mode {
  readonly isDevelopment: boolean;
  /** Whether neither an option nor the environment has decided it. */
  readonly isAssumed: boolean;
}

/**
 * Decides between development and production.
 *
 * @param hasManifest whether the manifest exists; called only if that decides
 */
export type ModeDecision = (hasManifest: () => Promise<boolean>) => Promise<Mode>;

/**
 * Returns a function that decides between development and production, for `loadStatic()` and `serve()` alike
 * (docs/development.md). The first of these rules that applies counts:
 *
 * 1. The option `debug` or `dev`.
 * 2. With `NODE_ENV=production` or a release it is production.
 * 3. If something has been collected, it is production: a manifest or, with settings that publish none, a folder with files.
 * 4. Otherwise it is development.
 *
 * Once it was production, it stays production.
 *
 * @param isAsked value of that option
 */
export function modeOf(resolved: ResolvedOptions, isAsked: boolean | undefined): ModeDecision {
  let production: Mode | undefined;
  return async (hasManifest) => {
    if (isAsked !== undefined) return { isDevelopment: isAsked, isAssumed: false };
    if (resolved.env.NODE_ENV === 'production' || resolved.release !== undefined) {
      return { isDevelopment: false, isAssumed: false };
    }
    const isCollected = async () =>
      (await hasManifest()) || ((await hasPlainNames(resolved)) && (await hasPublishedFiles(resolved)));
    if (production === undefined && (await isCollected())) {
      production = { isDevelopment: false, isAssumed: true };
    }
    return production ?? { isDevelopment: true, isAssumed: true };
  };
}
