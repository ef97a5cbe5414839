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
