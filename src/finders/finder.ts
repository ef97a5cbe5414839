import type { HiddenFile, SearchRoot, StaticFile, Warning } from '../model/static-file.js';

/** Context of a finder call. */
export interface FindContext {
  /** Patterns of files and folders to leave out (docs/patterns.md); see {@link Finder.list}. */
  readonly ignore: readonly string[];
  /** Absolute folders to leave out: local destinations, which may be inside of a source folder. */
  readonly exclude: readonly string[];
  /** Reports a problem that does not stop the run. */
  warn(warning: Warning): void;
  /**
   * Called for each pattern that matches something. Patterns that match nothing are warned of.
   *
   * @param list the list that it is in: {@link FindContext.ignore}, or `include` or `ignore` of a search root
   */
  matched?(pattern: string, list: readonly string[]): void;
}

/**
 * Finds static files. What its methods throw fails the run, with the finder's name in the message.
 *
 * @example
 * const generated: Finder = {
 *   name: 'generated',
 *   roots: () => [root],
 *   list: () => [{ logicalPath: 'build.txt', sourcePath: '/srv/build.txt', root }],
 *   find: (logicalPath) => (logicalPath === 'build.txt' ? [{ logicalPath, sourcePath: '/srv/build.txt', root }] : []),
 *   explain: () => undefined,
 * };
 */
export interface Finder {
  /** Name in messages: `file-system`. */
  readonly name: string;

  /** Whether `list()` calls {@link FindContext.matched}. If not, no ignore pattern is said to match nothing. */
  readonly reportsPatterns?: boolean;

  /** Returns the folders it searches, in order. */
  roots(): readonly SearchRoot[];

  /**
   * Returns every static file in order of precedence, with shadowed ones.
   *
   * A file or folder is left out if an ignore pattern matches its base name, or its path below the search root without
   * the prefix. `ignoreRules()` compares them.
   */
  list(context: FindContext): readonly StaticFile[] | Promise<readonly StaticFile[]>;

  /** Returns the files and folders with a logical path, the winner first, without ignored ones. */
  find(logicalPath: string, context: FindContext): readonly StaticFile[] | Promise<readonly StaticFile[]>;

  /** Returns the file with a logical path that an ignore pattern hides; `undefined` if there is none. */
  explain(
    logicalPath: string,
    context: FindContext,
  ): HiddenFile | undefined | Promise<HiddenFile | undefined>;
}

/** Default of the setting `defaultIgnore`, as in Django. */
export const DEFAULT_IGNORE: readonly string[] = ['CVS', '.*', '*~'];
