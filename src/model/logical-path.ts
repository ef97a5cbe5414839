import path from 'node:path';
import { StaticFilesError } from '../errors.js';

/** Placeholder for the unknown host of the site. */
const SITE = 'http://site.invalid';

/**
 * Returns the logical path for a name that a user has typed: a logical path, or a public URL. A URL is percent-decoded
 * and loses its query and fragment.
 *
 * @param name `css/app.css`, `/static/css/app.css?v=1`, `https://cdn.test/s/css/app.css`, `//cdn.test/s/css/app.css`
 * @param staticUrl a path or a URL, ends in `/`
 * @returns a POSIX path without `.` and `..`; `''` for the top folder
 * @throws StaticFilesError `usage` if it is outside of the static files
 *
 * @example
 * logicalPathOf('/static/a%20b.css?x', '/static/') // 'a b.css'
 */
export function logicalPathOf(name: string, staticUrl: string): string {
  const asked = path.posix.normalize(isUrl(name) ? pathInUrl(name, staticUrl) : name);
  if (asked.includes('\0')) {
    throw new StaticFilesError('usage', `'${name}' has a NUL character, which no file name can have.`);
  }
  if (asked === '..' || asked.startsWith('../') || asked.startsWith('/')) {
    throw new StaticFilesError(
      'usage',
      `'${name}' is outside of the static files. Give a logical path, such as 'css/app.css'.`,
    );
  }
  return asked === '.' || asked === './' ? '' : asked;
}

function isUrl(name: string): boolean {
  return name.startsWith('/') || /^https?:\/\//i.test(name);
}

/** If `staticUrl` has no host, any host is accepted: the URL may be copied from a browser. */
function pathInUrl(name: string, staticUrl: string): string {
  const asked = URL.canParse(name, SITE) ? new URL(name, SITE) : undefined;
  const base = new URL(staticUrl, SITE);
  const onHost = base.origin === SITE || base.host === asked?.host;
  if (!asked || !onHost || !asked.pathname.startsWith(base.pathname)) {
    throw new StaticFilesError(
      'usage',
      `'${name}' does not start with the staticUrl '${staticUrl}'. Give a URL that does, or a logical path such as 'css/app.css'.`,
    );
  }
  return decoded(asked.pathname.slice(base.pathname.length), name);
}

function decoded(urlPath: string, name: string): string {
  try {
    return decodeURIComponent(urlPath);
  } catch (error) {
    throw new StaticFilesError(
      'usage',
      `'${name}' has a percent sign without a valid escape. Write it as %25.`,
      {
        cause: error,
      },
    );
  }
}
