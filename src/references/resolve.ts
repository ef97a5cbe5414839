/** Where a URL in a file leads: to a logical path, or why it is none of our business. */
type Resolution =
  | { readonly logicalPath: string }
  | { readonly leftAlone: 'empty' | 'fragment' | 'scheme' | 'other-host' | 'outside-static-url' | 'folder' };

/** Turns the URLs written in one run's files into logical paths. */
export type Resolve = (url: string, referringPath: string) => Resolution;

const SCHEME = /^[a-z][a-z\d+.-]*:/i;

/**
 * A resolver for files that are served under a URL prefix. A URL resolves against the file it stands in, or against
 * the prefix: the whole of it, `//host/path` without the scheme, or its path alone where that is longer than `/`.
 * Percent-escapes are decoded for the look-up only; query and fragment do not take part.
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
    if (parts.scheme !== undefined && parts.scheme !== base.scheme) return { leftAlone: 'scheme' };
    if (parts.scheme !== undefined && parts.host === undefined) return { leftAlone: 'scheme' };
    if (parts.host !== undefined && parts.host !== base.host) return { leftAlone: 'other-host' };
    const absolute = parts.host !== undefined || parts.path.startsWith('/');
    if (absolute && parts.host === undefined && root.length === 0) return { leftAlone: 'outside-static-url' };
    const from = absolute ? [] : [...root, ...referringPath.split('/').slice(0, -1)];
    return below(root, walk(from, decoded(parts.path).split('/')));
  };
}

/** Without query and fragment, with the slashes that browsers read for backslashes. */
function pathOf(url: string): string {
  const tail = url.search(/[?#]/);
  return (tail === -1 ? url : url.slice(0, tail)).replaceAll('\\', '/');
}

interface UrlParts {
  /** In lower case, with its colon. */
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
    return path; // a malformed escape: some servers look for the name as it is
  }
}

/** Where the steps of a path lead; above the top one stays at the top, as in browsers. */
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
  if (way.at(-1) === '') return { leftAlone: 'folder' };
  return { logicalPath: way.slice(root.length).join('/') };
}
