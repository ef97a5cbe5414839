import path from 'node:path';
import { distance } from 'fastest-levenshtein';

/** More suggestions do not help who mistyped a name. */
const SHOWN = 3;

/** A wrong folder counts as much as two wrong letters. */
const OTHER_FOLDER = 2;

/**
 * Returns the names that are nearest to a missing one, best first, at most three. A name is near if a few letters
 * differ, or if only its folder does. Letter case does not count.
 */
export function nearestNames(asked: string, names: Iterable<string>): readonly string[] {
  const wanted = asked.toLowerCase();
  const base = path.posix.basename(wanted);
  const near: { name: string; cost: number; whole: number }[] = [];
  for (const name of names) {
    const candidate = name.toLowerCase();
    const baseDistance = distanceUpTo(Math.max(2, base.length / 3), base, path.posix.basename(candidate));
    const limit = baseDistance === Infinity ? OTHER_FOLDER : Infinity;
    const whole = distanceUpTo(limit, wanted, candidate);
    const cost = Math.min(whole, baseDistance + OTHER_FOLDER);
    if (cost < Infinity) near.push({ name, cost, whole });
  }
  near.sort((a, b) => a.cost - b.cost || a.whole - b.whole || (a.name < b.name ? -1 : 1));
  return near.slice(0, SHOWN).map(({ name }) => name);
}

/** Returns the edit distance, or Infinity above the limit. For most names their lengths alone are enough to know. */
function distanceUpTo(limit: number, a: string, b: string): number {
  if (Math.abs(a.length - b.length) > limit) return Infinity;
  const edits = distance(a, b);
  return edits <= limit ? edits : Infinity;
}

/**
 * Returns the known name that was most likely meant, or `undefined` if none is near. Letter case, `_` and `-` do not
 * count: `STATIC_ROOT` means `staticRoot`.
 */
export function nearestName(given: string, known: readonly string[]): string | undefined {
  const byFolded = new Map(known.map((name) => [fold(name), name]));
  const [nearest] = nearestNames(fold(given), byFolded.keys());
  return nearest === undefined ? undefined : byFolded.get(nearest);
}

function fold(name: string): string {
  return name.toLowerCase().replaceAll(/[_-]/g, '');
}

/** Extensions by use. A file may be kept in another format than the one that is asked for. */
const FORMATS = [
  ['png', 'jpg', 'jpeg', 'gif', 'svg', 'webp', 'avif', 'ico'],
  ['woff', 'woff2', 'ttf', 'otf', 'eot'],
  ['js', 'mjs'],
  ['mp4', 'webm', 'mov'],
  ['mp3', 'ogg', 'wav', 'm4a'],
  ['css'],
  ['json'],
  ['html', 'htm'],
  ['map'],
];

/**
 * Returns the paths that a missing one was most likely meant to be, best first, at most three. A path is near if its name
 * is in another folder, or if a letter or two of its name or folder differ. Letter case does not count. Names of another
 * type, with another number, and index files of other folders are not near.
 *
 * @example
 * nearestPaths('img/papr.svg', ['img/paper.svg', 'css/paper.css']); // ['img/paper.svg']
 */
export function nearestPaths(asked: string, paths: Iterable<string>): readonly string[] {
  return pathSuggester(paths)(asked);
}

/** Returns {@link nearestPaths} for many questions about the same paths. */
export function pathSuggester(paths: Iterable<string>): (asked: string) => readonly string[] {
  const candidates = Array.from(paths, (each) => ({ path: each, parts: partsOf(each) }));
  return (asked) => {
    const wanted = partsOf(asked);
    const near: { path: string; cost: number; whole: number }[] = [];
    for (const candidate of candidates) {
      const cost = costOf(wanted, candidate.parts);
      if (cost < Infinity) near.push({ path: candidate.path, cost, whole: distance(asked, candidate.path) });
    }
    near.sort((a, b) => a.cost - b.cost || a.whole - b.whole || (a.path < b.path ? -1 : 1));
    return near.slice(0, SHOWN).map((each) => each.path);
  };
}

interface PathParts {
  readonly folder: string;
  /** The name without its extension. */
  readonly stem: string;
  /** Without the dot; `''` if there is none. */
  readonly extension: string;
}

function partsOf(posixPath: string): PathParts {
  const { dir, name, ext } = path.posix.parse(posixPath.toLowerCase());
  return { folder: dir, stem: name, extension: ext.slice(1) };
}

function costOf(wanted: PathParts, candidate: PathParts): number {
  const extension = extensionCost(wanted.extension, candidate.extension);
  if (extension === Infinity) return Infinity;
  const folder = typoCost(wanted.folder, candidate.folder);
  if (folder < Infinity) return folder + extension + typoCost(wanted.stem, candidate.stem);
  if (extension > 0) return Infinity;
  if (joined(wanted) === joined(candidate)) return 1; // `imglogo.png`
  // An index file is known by its folder.
  return wanted.stem === candidate.stem && wanted.stem !== 'index' ? OTHER_FOLDER : Infinity;
}

function joined({ folder, stem }: PathParts): string {
  return folder.replaceAll('/', '') + stem;
}

function extensionCost(wanted: string, candidate: string): number {
  if (wanted === candidate) return 0;
  if (wanted === '' || candidate === '') return 1;
  const format = FORMATS.find((each) => each.includes(wanted));
  if (format !== undefined) return format.includes(candidate) ? 1 : Infinity;
  return typoCost(wanted, candidate);
}

/** Returns how many letters differ, or Infinity if that is too much for a typing error. */
function typoCost(wanted: string, candidate: string): number {
  if (wanted === candidate) return 0;
  const length = Math.max(wanted.length, candidate.length);
  const allowed = length < 3 ? 0 : length < 7 ? 1 : 2;
  if (Math.abs(wanted.length - candidate.length) > allowed) return Infinity;
  if (numbersIn(wanted) !== numbersIn(candidate)) return Infinity;
  const edits = distance(wanted, candidate);
  // Two letters that have changed places are one error.
  const cost = edits === 2 && sorted(wanted) === sorted(candidate) ? 1 : edits;
  return cost <= allowed ? cost : Infinity;
}

/** `icon-1` and `icon-2` are two things. */
function numbersIn(text: string): string {
  return text.replace(/\D+/g, ' ').trim();
}

function sorted(text: string): string {
  return [...text].sort().join('');
}
