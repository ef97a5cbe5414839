import { StaticFilesError } from '../errors.js';
import { type Output, publicPathsOf } from '../model/output.js';
import { publicUrl } from '../model/public-path.js';
import { sortedByCodePoint } from '../text/code-points.js';
import { nearestPaths } from '../text/suggest.js';

/** Content of a page's `<script type="importmap">`. https://html.spec.whatwg.org/#import-maps */
export interface ImportMap {
  /** URLs by specifier. */
  readonly imports: Readonly<Record<string, string>>;
  /** Integrity values by URL. */
  readonly integrity: Readonly<Record<string, string>>;
}

/** Logical paths and full URLs by specifier. If specifier and value end in `/`, the value is a folder. */
type Entries = Readonly<Record<string, string>>;

/** Extensions that servers send with JavaScript's media type. */
const MODULE = /\.m?js$/i;

/**
 * Returns the import map of a run.
 *
 * @param entries setting `importmap.entries`; a folder adds one entry for each module below it
 * @throws StaticFilesError `settings` if the file or folder of an entry does not exist
 * @example
 * makeImportMap({ lit: 'lit/index.js' }, outputs, '/static/').imports; // { lit: '/static/lit/index.27e20196a850.js' }
 */
export function makeImportMap(entries: Entries, outputs: readonly Output[], staticUrl: string): ImportMap {
  const paths = publicPathsOf(outputs);
  const integrities = new Map(outputs.map(({ publicPath, content }) => [publicPath, content?.integrity]));
  const imports: Record<string, string> = {};
  const integrity: Record<string, string> = {};
  for (const [specifier, target] of Object.entries(entries)) {
    if (isUrl(target)) imports[specifier] = target;
    for (const [each, logicalPath] of isUrl(target) ? [] : modulesOf(specifier, target, paths)) {
      const publicPath = paths.get(logicalPath)!;
      const url = publicUrl(staticUrl, publicPath);
      imports[each] = url;
      const known = integrities.get(publicPath);
      // Under a plain name the next deploy may publish other bytes, which an open page would refuse.
      if (known !== undefined && publicPath !== logicalPath) integrity[url] = known;
    }
  }
  return { imports, integrity };
}

function isUrl(target: string): boolean {
  return /^(?:[a-z][a-z\d+.-]*:)?\/\//i.test(target);
}

/** Returns the specifiers that an entry adds, with their logical paths. */
function modulesOf(
  specifier: string,
  target: string,
  paths: ReadonlyMap<string, string>,
): readonly (readonly [specifier: string, logicalPath: string])[] {
  if (!specifier.endsWith('/')) {
    if (!paths.has(target)) throw noFile(specifier, target, paths);
    return [[specifier, target]];
  }
  const below = sortedByCodePoint(paths.keys()).filter(
    (logicalPath) => logicalPath.startsWith(target) && MODULE.test(logicalPath),
  );
  if (below.length === 0) throw noFile(specifier, target, paths);
  return below.map((logicalPath) => [specifier + logicalPath.slice(target.length), logicalPath]);
}

function noFile(specifier: string, target: string, paths: ReadonlyMap<string, string>): StaticFilesError {
  const missing = specifier.endsWith('/')
    ? `'${target}' contains no module`
    : `static file '${target}' not found`;
  const [nearest] = nearestPaths(target, paths.keys());
  const hint = nearest === undefined ? '' : ` Did you mean '${nearest}'?`;
  return new StaticFilesError('settings', `importmap.entries['${specifier}']: ${missing}.${hint}`);
}

/** Whether an entry maps a bare specifier. */
export function covers(entries: Entries, specifier: string): boolean {
  return keyFor(entries, specifier) !== undefined;
}

/** Returns the logical path that a bare specifier is mapped to; `undefined` if it is not mapped, or to a full URL. */
export function logicalPathFor(entries: Entries, specifier: string): string | undefined {
  const key = keyFor(entries, specifier);
  if (key === undefined || isUrl(entries[key]!)) return undefined;
  return entries[key]! + specifier.slice(key.length);
}

/** Returns the longest key that matches, as browsers do. https://html.spec.whatwg.org/#resolving-an-imports-match */
function keyFor(entries: Entries, specifier: string): string | undefined {
  const matching = Object.keys(entries).filter(
    (key) => key === specifier || (key.endsWith('/') && specifier.startsWith(key)),
  );
  return matching.sort((a, b) => b.length - a.length)[0];
}
