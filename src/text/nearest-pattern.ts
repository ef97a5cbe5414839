import { nearestNames } from './suggest.js';

/**
 * Returns the form of a pattern that was most likely meant: one that matches some path; `undefined` if there is none.
 *
 * @param paths POSIX paths, one of which should have matched
 * @param matcherOf compiles a pattern
 * @example
 * nearestPattern('static/*.css', ['a.css'], picomatch); // '*.css'
 */
export function nearestPattern(
  pattern: string,
  paths: readonly string[],
  matcherOf: (pattern: string) => (path: string) => boolean,
): string | undefined {
  for (const candidate of candidatesFor(pattern, paths)) {
    if (candidate === pattern || !LITERAL.test(candidate)) continue;
    if (paths.some(matcherOf(candidate))) return candidate;
  }
  return undefined;
}

/** A candidate of wildcards alone would match everything. */
const LITERAL = /[\p{L}\p{N}]/u;

const WILDCARD = /[*?[{(]/;

/** The likely mistakes, the most likely first. */
function* candidatesFor(pattern: string, paths: readonly string[]): Generator<string> {
  const plain = pattern.replaceAll('\\', '/').replace(/^(?:\.?\/)+/, '');
  const name = plain.replace(/\/+$/, '');
  yield* [plain, `${name}/**`, `**/${plain}`, plain.replace(/\/(?=[^/]+$)/, '/**/')];
  if (/^\.\w+$/.test(plain)) yield* [`*${plain}`, `**/*${plain}`];
  yield plain.replace(/\.(?=[^./]+$)/, '.*.'); // a fingerprint before the extension
  yield plain.toLowerCase();
  yield* withNearestNames(name, paths);
  const parts = plain.split('/');
  for (let at = 1; at < parts.length; at++) {
    const rest = parts.slice(at).join('/');
    yield* [rest, `**/${rest}`, `${rest}/**`];
  }
}

/** The pattern with its last folder or name without wildcards spelled as one that exists. */
function* withNearestNames(pattern: string, paths: readonly string[]): Generator<string> {
  const wildcard = pattern.search(WILDCARD);
  const folders = () => new Set(paths.flatMap(foldersOf));
  if (wildcard === -1) {
    yield* nearestNames(pattern, paths);
    for (const folder of nearestNames(pattern, folders())) yield* [folder, `${folder}/**`];
    return;
  }
  const end = pattern.lastIndexOf('/', wildcard);
  if (end <= 0) return;
  for (const folder of nearestNames(pattern.slice(0, end), folders())) yield folder + pattern.slice(end);
}

function foldersOf(path: string): readonly string[] {
  const parts = path.split('/').slice(0, -1);
  return parts.map((_, index) => parts.slice(0, index + 1).join('/'));
}
