import { posix } from 'node:path';

/** What a URL resolves to: a logical path, or the reason why it is left alone. */
type Resolution =
  | {
      readonly logicalPath: string;
      /** Whether the application serves names in the same place: if this run has no such file, it is one of those. */
      readonly isShared?: boolean;
    }
  /** `folder` is the path of the folder, `''` for the one that `staticUrl` names. */
  | { readonly leftAlone: 'folder'; readonly folder: string }
  | { readonly leftAlone: 'empty' | 'fragment' | 'scheme' | 'other-host' | 'outside-static-url' };

/** Resolves a URL in the file with a logical path. */
export type Resolve = (url: string, referringPath: string) => Resolution;

const SCHEME = /^[a-z][a-z\d+.-]*:/i;

/**
 * Returns a resolver for files that are served under a URL prefix.
 *
 * A relative URL resolves against its file. An absolute one resolves if it begins with the prefix, with or without
 * scheme and host. Under the root of a host the application is served too, so a path alone is `isShared` there.
 * Percent-escapes are decoded. Query and fragment are ignored.
 *
 * @param staticUrl a path or a full URL that ends in `/`
 * @example
 * createResolver('/static/')('../img/a%20b.png?v=1', 'css/app.css'); // { logicalPath: 'img/a b.png' }
 */
export function createResolver(staticUrl: string): Resolve {
  const base = splitUrl(staticUrl);
  const root = base.path.split('/').slice(1, -1);

  return (url, referringPath) => {
    const path = pathOf(url);
    if (path === '') return { leftAlone: url === '' ? 'empty' : 'fragment' };
    const parts = splitUrl(path);
    if (parts.scheme !== undefined && !isServedBy(parts, base)) return { leftAlone: 'scheme' };
    if (parts.host !== undefined && parts.host !== base.host) return { leftAlone: 'other-host' };
    const isPath = parts.host === undefined && parts.path.startsWith('/');
    const from =
      isPath || parts.host !== undefined ? [] : [...root, ...referringPath.split('/').slice(0, -1)];
    const found = below(root, walk(from, decoded(parts.path).split('/')));
    if (!isPath || root.length > 0) return found;
    return 'logicalPath' in found ? { ...found, isShared: true } : { leftAlone: 'outside-static-url' };
  };
}

/** Whether a URL resolves against the file that contains it. */
export function isRelative(url: string): boolean {
  const path = pathOf(url);
  return path !== '' && !path.startsWith('/') && !SCHEME.test(path);
}

/** Whether a scheme is the prefix's. `//host/` is served by both schemes of HTTP. */
function isServedBy({ scheme, host }: UrlParts, base: UrlParts): boolean {
  if (host === undefined) return false;
  if (scheme === base.scheme) return true;
  const isHttp = scheme === 'https:' || scheme === 'http:';
  return isHttp && base.scheme === undefined && host === base.host;
}

/** The URL without query and fragment. Browsers read its backslashes as slashes. */
function pathOf(url: string): string {
  const tail = url.search(/[?#]/);
  return (tail === -1 ? url : url.slice(0, tail)).replaceAll('\\', '/');
}

interface UrlParts {
  /** In lower case, with its colon: `https:`. */
  readonly scheme: string | undefined;
  readonly host: string | undefined;
  readonly path: string;
}

function splitUrl(url: string): UrlParts {
  const scheme = SCHEME.exec(url)?.[0];
  const rest = scheme === undefined ? url : url.slice(scheme.length);
  if (!rest.startsWith('//')) return { scheme: scheme?.toLowerCase(), host: undefined, path: rest };
  const slash = rest.indexOf('/', 2);
  const end = slash === -1 ? rest.length : slash;
  return {
    scheme: scheme?.toLowerCase(),
    host: rest.slice(2, end).toLowerCase(),
    path: rest.slice(end) || '/',
  };
}

function decoded(path: string): string {
  if (!path.includes('%')) return path;
  try {
    return decodeURIComponent(path);
  } catch {
    return path; // a malformed escape: some servers look for the name as written
  }
}

/** Follows the steps of a path. As in browsers, `..` at the top does nothing. */
function walk(from: readonly string[], steps: readonly string[]): string[] {
  const way = [...from];
  const start = steps[0] === '' ? 1 : 0;
  steps.slice(start).forEach((step, index, all) => {
    const last = index === all.length - 1;
    if (step === '..') way.pop();
    else if (step !== '.') way.push(step);
    if (last && (step === '.' || step === '..')) way.push('');
  });
  return way;
}

function below(root: readonly string[], way: readonly string[]): Resolution {
  if (way.length <= root.length || root.some((name, index) => way[index] !== name)) {
    return { leftAlone: 'outside-static-url' };
  }
  const path = way.slice(root.length).join('/');
  return path.endsWith('/') || path === ''
    ? { leftAlone: 'folder', folder: path.slice(0, -1) }
    : { logicalPath: path };
}

/**
 * Returns a URL for another file in place of a missing one, written in the same way: relative, or with the same prefix.
 *
 * @param url the URL that resolves to `missing`
 * @param referringPath logical path of the file with the URL
 * @example
 * similarUrl('../img/papr.svg', 'img/papr.svg', 'img/paper.svg', 'css/app.css'); // '../img/paper.svg'
 */
export function similarUrl(url: string, missing: string, other: string, referringPath: string): string {
  const written = pathOf(url);
  const escaped = (text: string) => text.replace(/[%?#\\\s]/g, encodeURIComponent);
  if (missing !== '' && written.endsWith(missing)) return written.slice(0, -missing.length) + escaped(other);
  const relative = posix.relative(posix.dirname(referringPath), other);
  // In a script, a URL without dots is the name of a package.
  return /^\.\.?\//.test(written) && !relative.startsWith('../')
    ? `./${escaped(relative)}`
    : escaped(relative);
}
