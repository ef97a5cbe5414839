import { StaticFilesError } from '../errors.js';
import { type Output, publicPathsOf } from '../model/output.js';
import { publicUrl } from '../model/public-path.js';
import { sortedByCodePoint } from '../text/code-points.js';
import { nearestNames, nearestPaths } from '../text/suggest.js';

/** Content of a page's `<script type="importmap">`. https://html.spec.whatwg.org/#import-maps */
export interface ImportMap {
  /** URLs by specifier. */
  readonly imports: Readonly<Record<string, string>>;
  /** Integrity values by URL. */
  readonly integrity: Readonly<Record<string, string>>;
}

/** Logical paths and full URLs by specifier. If specifier and value end in `/`, the value is a folder. */
type Entries = Readonly<Record<string, string>>;

/** Extensions of what a browser imports: scripts and, with import attributes, style sheets and JSON. */
const MODULE = /\.(?:m?js|css|json)$/i;

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

/**
 * Returns why browsers cannot resolve a bare specifier with an import map; `undefined` if they can.
 *
 * @param entries setting `importmap.entries`, of which the map was made
 * @param files logical paths of the files that import the specifier
 */
export function unresolvedText(
  { imports }: ImportMap,
  entries: Entries,
  specifier: string,
  files: readonly string[],
): string | undefined {
  if (keyFor(imports, specifier) !== undefined) return undefined;
  const others = files.length === 1 ? '' : ` and ${files.length - 1} more`;
  const imported = `which '${files[0]}'${others} imports`;
  const key = keyFor(entries, specifier);
  if (key === undefined) return `No entry of importmap covers '${specifier}', ${imported}.`;
  const target = entries[key]! + specifier.slice(key.length);
  const [nearest] = nearestNames(specifier, Object.keys(imports));
  const hint = nearest === undefined ? '' : ` Did you mean '${nearest}'?`;
  return `importmap.entries['${key}'] has no module '${target}' for '${specifier}', ${imported}.${hint}`;
}

/** Returns the logical path that a bare specifier is mapped to; `undefined` if it is not mapped, or to a full URL. */
export function logicalPathFor(entries: Entries, specifier: string): string | undefined {
  const key = keyFor(entries, specifier);
  if (key === undefined || isUrl(entries[key]!)) return undefined;
  const logicalPath = entries[key]! + specifier.slice(key.length);
  return key.endsWith('/') && !MODULE.test(logicalPath) ? undefined : logicalPath;
}

/** Returns the longest key that matches, as browsers do. https://html.spec.whatwg.org/#resolving-an-imports-match */
function keyFor(entries: Entries, specifier: string): string | undefined {
  const matching = Object.keys(entries).filter(
    (key) => key === specifier || (key.endsWith('/') && specifier.startsWith(key)),
  );
  return matching.sort((a, b) => b.length - a.length)[0];
}
