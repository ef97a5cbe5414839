import type { SearchRoot, StaticFile, Warning } from '../model/static-file.js';

/** What a finder is told at each call. */
export interface FindContext {
  /** fnmatch patterns of names to leave out; see {@link Finder.list}. */
  readonly ignore: readonly string[];
  /** Absolute folders to pass over while walking: the destination, where it lies inside a source. */
  readonly exclude: readonly string[];
  /** Tells of something that does not stop the run. */
  warn(warning: Warning): void;
}

/** A file that exists and is not collected, and why. */
export interface HiddenFile {
  readonly sourcePath: string;
  /** The ignore pattern that hides it. */
  readonly pattern: string;
}

/**
 * Finds static files. Implementations are factories that return plain readonly objects.
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
  /** Shown to people: `file-system`. */
  readonly name: string;

  /** The folders it searches, in order. */
  roots(): readonly SearchRoot[];

  /**
   * Every static file, in order of precedence, shadowed ones included.
   * A file is left out when an ignore pattern matches its base name or its path relative to its root (without
   * the prefix); a folder, when one matches its base name. `*` also crosses `/`.
   */
  list(context: FindContext): readonly StaticFile[] | Promise<readonly StaticFile[]>;

  /** All matches of one logical path, the winner first. Folders are matches too. Ignored files are none. */
  find(logicalPath: string, context: FindContext): readonly StaticFile[] | Promise<readonly StaticFile[]>;

  /** The file of that name that an ignore pattern hides, if there is one. */
  explain(
    logicalPath: string,
    context: FindContext,
  ): HiddenFile | undefined | Promise<HiddenFile | undefined>;
}

/** What finders are told to ignore unless the user says otherwise; Django's patterns. */
export const DEFAULT_IGNORE: readonly string[] = ['CVS', '.*', '*~'];
