import type { SettingsProblem } from '../../errors.js';
import { beginsWithHost, rootedUrl } from '../../model/public-path.js';

/** Returns the problems of `staticUrl`, and of `mediaUrl` beside it. */
export function checkUrls(
  staticUrl: string | undefined,
  mediaUrl: string | undefined,
): readonly SettingsProblem[] {
  const problems: SettingsProblem[] = [];
  if (staticUrl !== undefined && !isUrlPrefix(rootedUrl(staticUrl))) problems.push(notAPrefix(staticUrl));
  if (staticUrl !== undefined && mediaUrl !== undefined && sameUrl(mediaUrl, staticUrl)) {
    problems.push({ code: 'E011', key: 'mediaUrl', message: `must differ from staticUrl, '${staticUrl}'.` });
  }
  return problems;
}

/** Whether it ends in `/` and is an absolute path, or a URL with a host, without query or fragment. */
function isUrlPrefix(url: string): boolean {
  if (!url.endsWith('/') || /[\s?#\\]/.test(url)) return false;
  if (/^\/(?!\/)/.test(url)) return true;
  return /^(https?:)?\/\/[^/]+\//i.test(url) && URL.canParse(url, 'https://host.invalid');
}

function notAPrefix(url: string): SettingsProblem {
  const form =
    "a path such as '/static/' or a full URL such as 'https://cdn.example.com/static/', with a slash at its end";
  const repaired = candidatesFor(url)
    .flatMap((candidate) => [candidate, `${candidate}/`])
    .find(isUrlPrefix);
  return {
    code: 'E010',
    key: 'staticUrl',
    message: `expected ${form}, got '${url}'.`,
    ...(repaired !== undefined && { hint: `Did you mean '${repaired}'?` }),
  };
}

function candidatesFor(url: string): readonly string[] {
  if (url.includes('://')) return [url];
  // On the site's own host, a path with the name of another host is never meant.
  if (beginsWithHost(url)) return [`${isOnThisMachine(url) ? 'http' : 'https'}://${url}`];
  return [url, `/${url.replace(/^\.{1,2}\//, '')}`];
}

function isOnThisMachine(url: string): boolean {
  return /^(?:localhost|127\.[\d.]+)(?:[:/]|$)/i.test(url);
}

function sameUrl(a: string, b: string): boolean {
  const [one, other] = [a, b].map((url) => rootedUrl(url.replace(/\/?$/, '/')));
  return one === other;
}

/**
 * Returns the problem of a search root's prefix, if it has one. A prefix becomes the beginning of logical paths, so it
 * must be such a path: `vendor`, `v/sub`.
 *
 * @param key the key of the entry: `staticfilesDirs[0]`
 */
export function checkPrefix(prefix: string, key: string): readonly SettingsProblem[] {
  if (prefix === '') return [];
  const subject = `the prefix '${prefix}'`;
  if (prefix.endsWith('/')) return [{ code: 'E003', key, message: `${subject} must not end with a slash.` }];
  const problem = problemOfPrefix(prefix);
  return problem === undefined ? [] : [{ code: 'E008', key, message: `${subject} must not ${problem}.` }];
}

function problemOfPrefix(prefix: string): string | undefined {
  if (prefix.startsWith('/')) return 'begin with a slash';
  const parts = prefix.split('/');
  if (parts.includes('..')) return "contain '..'";
  if (parts.includes('') || parts.includes('.')) return "have empty parts or '.' between its slashes";
  return /[\\\0]/.test(prefix) ? "contain a backslash or NUL: write '/' between its parts" : undefined;
}
