import type { CustomProperties } from '../../references/reference.js';
import type { TrackedFile } from './track-files.js';

/**
 * Returns the logical paths of the files against which a relative URL in a custom property may resolve: those in which
 * `var()` puts it into another property, also through further custom properties. None if nothing in the run uses it.
 *
 * @param declaredIn logical path of the file with the URL. It counts if the property has a type (`@property`): the
 *   standard then resolves the URL there, and Chromium resolves it at the use
 */
export type UseSites = (property: string, declaredIn: string) => readonly string[];

/** Returns the use sites of custom properties in the files of a run. Looks for them when they are first asked for. */
export function useSitesOf(files: readonly TrackedFile[]): UseSites {
  let index: UseIndex | undefined;
  const known = new Map<string, readonly string[]>();
  return (property, declaredIn) => {
    index ??= indexUses(files);
    let sites = known.get(property);
    if (sites === undefined) {
      sites = sitesIn(index, property);
      known.set(property, sites);
    }
    return sites.length > 0 && index.typed.has(property) ? [declaredIn, ...sites] : sites;
  };
}

interface UseIndex {
  readonly typed: ReadonlySet<string>;
  /** By property, the paths of the files. */
  readonly uses: ReadonlyMap<string, readonly string[]>;
  /** By property, the custom properties that it is put into. */
  readonly passes: ReadonlyMap<string, readonly string[]>;
}

function indexUses(files: readonly TrackedFile[]): UseIndex {
  const typed = new Set<string>();
  const uses = new Map<string, string[]>();
  const passes = new Map<string, string[]>();
  for (const { output, digest } of files) {
    const found = digest.scan?.customProperties;
    if (found === undefined) continue;
    for (const name of found.typed) typed.add(name);
    for (const name of found.uses) addTo(uses, name, output.logicalPath);
    for (const [from, to] of found.passes) addTo(passes, from, to);
  }
  return { typed, uses, passes };
}

function addTo(lists: Map<string, string[]>, key: string, value: string): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [value]);
  else list.push(value);
}

function sitesIn({ uses, passes }: UseIndex, property: string): readonly string[] {
  const reached = new Set([property]);
  // A set is also walked over what is added meanwhile.
  for (const name of reached) for (const next of passes.get(name) ?? []) reached.add(next);
  return [...new Set([...reached].flatMap((name) => uses.get(name) ?? []))];
}

/** Whether custom properties in changed files may move the use sites of a run. */
export function hasOtherProperties(file: TrackedFile, before: TrackedFile | undefined): boolean {
  return key(file.digest.scan?.customProperties) !== key(before?.digest.scan?.customProperties);
}

function key(properties: CustomProperties | undefined): string {
  return properties === undefined ? '' : JSON.stringify(properties);
}
