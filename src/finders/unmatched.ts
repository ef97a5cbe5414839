import type { StaticFile } from '../model/static-file.js';
import { nearestPattern } from '../text/nearest-pattern.js';
import type { FindContext, Finder } from './finder.js';
import { includeRules } from './ignore.js';
import { isFolder } from './source-access.js';

/** A pattern that matches no file and no folder. */
export interface UnmatchedPattern {
  readonly pattern: string;
  /** The entry of `installedApps` or `staticfilesDirs` that has it; `undefined` for a pattern of the run. */
  readonly entry?: string;
  /** Its place: `ignore[1]`; in the list of all patterns for one of the run. */
  readonly key: string;
  /** Returns the nearest pattern that matches. */
  nearest(): string | undefined;
}

/** Notes which patterns match while finders list. */
interface PatternUse extends Pick<Required<FindContext>, 'matched'> {
  /** Returns the patterns that matched nothing, of the run and of search roots. */
  unmatched(
    finders: readonly Finder[],
    context: FindContext,
    files: readonly StaticFile[],
  ): UnmatchedPattern[];
}

export function createPatternUse(): PatternUse {
  const used = new Map<readonly string[], Set<string>>();

  function unmatchedIn(list: readonly string[], name: string, paths: () => readonly string[]) {
    return list.flatMap((pattern, index): readonly UnmatchedPattern[] => {
      if (used.get(list)?.has(pattern)) return [];
      const nearest = () => nearestPattern(pattern, paths(), (each) => includeRules([each]));
      return [{ pattern, key: `${name}[${index}]`, nearest }];
    });
  }

  return {
    matched(pattern, list) {
      const patterns = used.get(list);
      if (patterns === undefined) used.set(list, new Set([pattern]));
      else patterns.add(pattern);
    },
    unmatched(finders, context, files) {
      const ofRun = finders.every(({ reportsPatterns }) => reportsPatterns)
        ? unmatchedIn(context.ignore, 'ignore', () => files.map(pathInRoot))
        : [];
      const seen = new Set<readonly string[]>();
      const roots = finders.filter(({ reportsPatterns }) => reportsPatterns).flatMap((each) => each.roots());
      const ofRoots = roots.flatMap((root): readonly UnmatchedPattern[] => {
        const entry = root.setting.replace(/ \(.*/s, '');
        const paths = () => files.filter((file) => file.root.setting === root.setting).map(pathInRoot);
        return (['include', 'ignore'] as const).flatMap((name) => {
          const list = root[name];
          if (list === undefined || seen.has(list) || !isFolder(root.dir)) return [];
          seen.add(list); // the roots of a glob share it
          return unmatchedIn(list, name, paths).map((each) => ({ ...each, entry }));
        });
      });
      return [...ofRun, ...ofRoots];
    },
  };
}

/** The path that patterns are compared with: without the prefix. */
function pathInRoot({ logicalPath, root: { prefix } }: StaticFile): string {
  return prefix === '' ? logicalPath : logicalPath.slice(prefix.length + 1);
}
