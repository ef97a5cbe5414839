import path from 'node:path';
import { StaticFilesError } from '../errors.js';

/** Stands for the host of a site whose own address is unknown here. */
const SITE = 'http://site.invalid';

/**
 * The logical path that a person means: one as it is, or the path in a public URL, percent-decoded and without
 * query and fragment.
 *
 * @param name `css/app.css`, `/static/css/app.css?v=1`, `https://cdn.test/s/css/app.css`, `//cdn.test/s/css/app.css`
 * @param staticUrl A path or a URL that ends in `/`.
 * @returns A POSIX path without `.` and `..`; `''` is the top.
 * @throws StaticFilesError `usage`, where it leads out of the static files
 *
 * @example
 * logicalPathOf('/static/a%20b.css?x', '/static/') // 'a b.css'
 */
export function logicalPathOf(name: string, staticUrl: string): string {
  const asked = path.posix.normalize(isUrl(name) ? pathInUrl(name, staticUrl) : name);
  if (asked.includes('\0')) {
    throw new StaticFilesError('usage', `'${name}' holds a NUL character, which no file's name can hold.`);
  }
  if (asked === '..' || asked.startsWith('../') || asked.startsWith('/')) {
    throw new StaticFilesError(
      'usage',
      `'${name}' leads out of the static files. Give a path relative to them, such as 'css/app.css'.`,
    );
  }
  return asked === '.' || asked === './' ? '' : asked;
}

function isUrl(name: string): boolean {
  return name.startsWith('/') || /^https?:\/\//i.test(name);
}

/** Where `staticUrl` has no host, any host will do: a person may have copied the address from a browser. */
function pathInUrl(name: string, staticUrl: string): string {
  const asked = URL.canParse(name, SITE) ? new URL(name, SITE) : undefined;
  const base = new URL(staticUrl, SITE);
  const onHost = base.origin === SITE || base.host === asked?.host;
  if (!asked || !onHost || !asked.pathname.startsWith(base.pathname)) {
    throw new StaticFilesError(
      'usage',
      `'${name}' is not under '${staticUrl}', the staticUrl. Give a URL under it, or a path such as 'css/app.css'.`,
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
      `'${name}' has a percent sign that begins no valid escape: write it as %25.`,
      {
        cause: error,
      },
    );
  }
}
