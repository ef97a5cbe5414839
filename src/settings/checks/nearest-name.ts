/**
 * The known name that a person most likely meant, or `undefined` where none is near. Case, `_` and `-` do not
 * count, so that `STATIC_ROOT` finds `staticRoot`.
 */
export async function nearestName(given: string, known: readonly string[]): Promise<string | undefined> {
  const { distance } = await import('fastest-levenshtein');
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
