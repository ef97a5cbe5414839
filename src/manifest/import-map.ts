import { StaticFilesError } from '../errors.js';
import { type Output, publicPathsOf } from '../model/output.js';
import { publicUrl } from '../model/public-path.js';
import { sortedByCodePoint } from '../text/code-points.js';
import { nearestNames } from '../text/suggest.js';

/** What a page's `<script type="importmap">` holds. https://html.spec.whatwg.org/#import-maps */
export interface ImportMap {
  /** URLs by specifier. */
  readonly imports: Readonly<Record<string, string>>;
  /** Integrity values by URL. */
  readonly integrity: Readonly<Record<string, string>>;
}

/** By specifier: a logical path, a full URL, or, where both end in `/`, a folder. */
type Entries = Readonly<Record<string, string>>;

/** What browsers take for a module script by the extension that servers give the type by. */
const MODULE = /\.m?js$/i;

/**
 * Makes the import map of a run.
 *
 * @param entries a folder stands for each module below it
 * @throws StaticFilesError `settings` for an entry that leads to no file
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
      // A page that is open would refuse the bytes that the next deploy publishes under a plain name.
      if (known !== undefined && publicPath !== logicalPath) integrity[url] = known;
    }
  }
  return { imports, integrity };
}

function isUrl(target: string): boolean {
  return /^(?:[a-z][a-z\d+.-]*:)?\/\//i.test(target);
}

/** The specifiers that an entry stands for, and the logical path of each. */
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
  const what = specifier.endsWith('/') ? 'no module stands below' : 'there is no static file';
  const [nearest] = nearestNames(target, paths.keys());
  const hint = nearest === undefined ? '' : ` Did you mean '${nearest}'?`;
  return new StaticFilesError('settings', `importmap.entries['${specifier}']: ${what} '${target}'.${hint}`);
}

/** Whether an entry leads a bare specifier somewhere. */
export function covers(entries: Entries, specifier: string): boolean {
  return keyFor(entries, specifier) !== undefined;
}

/** The logical path to which an entry leads a bare specifier; none where none does, or one leads to a full URL. */
export function logicalPathFor(entries: Entries, specifier: string): string | undefined {
  const key = keyFor(entries, specifier);
  if (key === undefined || isUrl(entries[key]!)) return undefined;
  return entries[key]! + specifier.slice(key.length);
}

/** The one that browsers take: the longest. https://html.spec.whatwg.org/#resolving-an-imports-match */
function keyFor(entries: Entries, specifier: string): string | undefined {
  const matching = Object.keys(entries).filter(
    (key) => key === specifier || (key.endsWith('/') && specifier.startsWith(key)),
  );
  return matching.sort((a, b) => b.length - a.length)[0];
}
