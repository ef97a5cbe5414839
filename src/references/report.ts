/** A reference in a file, and whether it was rewritten. */
export interface FoundReference {
  /** Logical path of the file that contains it. */
  readonly file: string;
  /** Absolute path of that file; `undefined` if a processor made it. */
  readonly source?: string;
  /** From 1. */
  readonly line: number;
  /** From 1, in characters. */
  readonly column: number;
  /** The way it is written: `css-url`, `js-import`… */
  readonly kind: string;
  /** The URL as written. */
  readonly text: string;
  /** The logical path it resolves to, if it does. A computed URL is listed once for each file that it can name. */
  readonly target?: string;
  /** `rewritten`, or the reason why not: `missing`, `bare`, `other-host`… See docs/references.md. */
  readonly status: string;
}

/** Why a file has the name under which it is published. */
export interface NameExplanation {
  /** Why it keeps its name: `excluded`, `prehashed`, `html`, `too-long`, `already-named` or `computed`. */
  readonly keepsName?: string;
  /** The computed URLs that can name it: the logical path of the file that contains one, and a glob of logical paths. */
  readonly computedBy?: readonly { readonly file: string; readonly pattern: string }[];
  /** Logical paths of the files that it refers to, in code-point order like the other lists. */
  readonly refersTo: readonly string[];
  /** The files that refer to it. */
  readonly referredToBy: readonly string[];
  /** All files of its cycle of references. They share one hash. */
  readonly cycle?: readonly string[];
  /** The files whose edits change its name, besides itself. */
  readonly dependsOn: readonly string[];
}

/** A computed URL, and the files that keep their names since it can name them. */
export interface ComputedName {
  /** Logical path of the file that contains the URL. */
  readonly file: string;
  /** A glob of logical paths: `js/plugins/*.js`. */
  readonly pattern: string;
  /** Logical paths, in code-point order. */
  readonly files: readonly string[];
}

/** The number of references by kind and status. */
export type ReferenceCounts = Readonly<Record<string, Readonly<Record<string, number>>>>;

/** The references in the files of a run. Each method computes its answer when it is called. */
export interface ReferenceReport {
  /** Returns the number of references by kind and status. */
  counts(): ReferenceCounts;
  /** Yields all references by file, in code-point order, then by position. Reads the files that contain references. */
  list(): Iterable<FoundReference>;
  /** Returns the module specifiers that need an import map or bundler, each with the logical paths that import it. */
  bareSpecifiers(): ReadonlyMap<string, readonly string[]>;
  /** Returns the computed URLs for which files keep their names. */
  computedNames(): readonly ComputedName[];
  /** Explains the name of a file. Returns `undefined` for unknown files, and before files are named. */
  explain(logicalPath: string): NameExplanation | undefined;
}
