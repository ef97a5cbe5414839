/** A reference that was found in a file, and what became of it. */
export interface FoundReference {
  /** Logical path of the file it stands in. */
  readonly file: string;
  /** Absolute path of that file; none where a processor made it. */
  readonly source?: string;
  /** From 1; columns count characters. */
  readonly line: number;
  readonly column: number;
  /** What it is written as: `css-url`, `js-import`… */
  readonly kind: string;
  /** As it is written. */
  readonly text: string;
  /** The logical path it leads to, where it leads to one. */
  readonly target?: string;
  /** `rewritten`, or the reason why not: `missing`, `bare`, `other-host`… (docs/references.md lists them). */
  readonly status: string;
}

/** Why a file is published under its name. */
export interface NameExplanation {
  /** Why it keeps its plain name: `excluded`, `prehashed`… */
  readonly fixed?: string;
  /** Logical paths of the files of this run that it refers to, in code-point order; so are the other lists. */
  readonly refersTo: readonly string[];
  readonly referredToBy: readonly string[];
  /** All files of the circle of references that it is in; they share one hash. */
  readonly cycle?: readonly string[];
  /** All files that an edit of would rename it too. */
  readonly dependsOn: readonly string[];
}

/** How many references have which status, by kind. */
export type ReferenceCounts = Readonly<Record<string, Readonly<Record<string, number>>>>;

/** What a processor knows of the references in a run's files. Nothing is computed until it is asked for. */
export interface ReferenceReport {
  counts(): ReferenceCounts;
  /** In code-point order of files, then by place. Opens the files that hold references. */
  list(): Iterable<FoundReference>;
  /** The module specifiers that an import map or a bundler must resolve, each with the logical paths that want it. */
  bareSpecifiers(): ReadonlyMap<string, readonly string[]>;
  /** `undefined` for a path that is no file of this run, and as long as names are not made. */
  explain(logicalPath: string): NameExplanation | undefined;
}
