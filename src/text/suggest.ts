import path from 'node:path';
import { distance } from 'fastest-levenshtein';

/** How many are shown: more would not help a person who mistyped a name. */
const SHOWN = 3;

/** A file of that name in another folder is as near as one in the same folder with two letters wrong. */
const OTHER_FOLDER = 2;

/**
 * The names that come nearest to one that does not exist, best first; at most three. Near is a name with a few
 * letters wrong, or with the wrong folder before it. Case counts for nothing.
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

/** The edit distance, or Infinity beyond a limit: the lengths alone tell that of most names. */
function distanceUpTo(limit: number, a: string, b: string): number {
  if (Math.abs(a.length - b.length) > limit) return Infinity;
  const edits = distance(a, b);
  return edits <= limit ? edits : Infinity;
}

/**
 * The known name that a person most likely meant, or `undefined` where none is near. Case, `_` and `-` do not
 * count, so that `STATIC_ROOT` finds `staticRoot`.
 */
export function nearestName(given: string, known: readonly string[]): string | undefined {
  const limit = Math.max(2, Math.floor(given.length / 3));
  const candidates = known
    .map((name) => ({ name, distance: distance(fold(given), fold(name)) }))
    .filter((candidate) => candidate.distance <= limit)
    .sort((a, b) => a.distance - b.distance);
  return candidates[0]?.name;
}

function fold(name: string): string {
  return name.toLowerCase().replaceAll(/[_-]/g, '');
}
