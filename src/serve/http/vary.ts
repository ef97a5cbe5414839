/**
 * Returns one value of `Vary` that has the names of all, each once. `*` replaces all others.
 * https://www.rfc-editor.org/rfc/rfc9110#section-12.5.5
 *
 * @returns `undefined` if there are no names
 * @example
 * joinVary('Origin', undefined, 'Accept-Encoding, origin'); // 'Origin, Accept-Encoding'
 */
export function joinVary(...values: readonly (string | undefined)[]): string | undefined {
  const names = new Map<string, string>();
  for (const value of values) {
    for (const name of value?.split(',').map((each) => each.trim()) ?? []) {
      if (name !== '' && !names.has(name.toLowerCase())) names.set(name.toLowerCase(), name);
    }
  }
  if (names.has('*')) return '*';
  return names.size === 0 ? undefined : [...names.values()].join(', ');
}
