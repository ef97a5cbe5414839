/** Where a name stands in a list; `undefined` where it does not. */
export type IndexOf = (name: string) => number | undefined;

/**
 * Finds names in a list without repetitions. Where they are asked for in the order of the list, once or again and
 * again, as an unchanged run does, no table of them is needed: making one takes longer than all the rest of looking up tens of thousands.
 */
export function indexNames(names: readonly string[]): IndexOf {
  let next = 0;
  let table: Map<string, number> | undefined;
  return (name) => {
    if (names[next] === name) return next++;
    if (next > 0 && names[next - 1] === name) return next - 1;
    table ??= new Map(names.map((each, index) => [each, index]));
    const index = table.get(name);
    if (index !== undefined) next = index + 1;
    return index;
  };
}
