/** One reference that a scanner found in a file. */
export interface FoundReference {
  /** Logical path of the file it stands in. */
  readonly file: string;
  /** Absolute path of that file; none where a processor made it. */
  readonly source?: string;
  /** From 1. */
  readonly line: number;
  /** From 1, in characters. */
  readonly column: number;
  /** `css-url`, `js-import`, … */
  readonly kind: string;
  /** As it is written. */
  readonly text: string;
  /** The logical path it leads to, where that is known. */
  readonly target?: string;
  /** `rewritten`, or why not: `fixed-name`, `missing`, `scheme`, `bare`, `computed`, … */
  readonly status: string;
}

/** What a processor knows of the references between this run's files. */
export interface ReferenceReport {
  /** How many references have which status. */
  readonly counts: Readonly<Record<string, number>>;
  /** Every reference, by file in code-point order, then by place. Reads the files. */
  list(): Iterable<FoundReference>;
  /** What a file's name depends on, beside its own bytes; `undefined` for a file that is not there. */
  explain(logicalPath: string): NameExplanation | undefined;
}

/** Why a file has the name it has. All are logical paths in code-point order. */
export interface NameExplanation {
  readonly publicPath: string;
  /** Why the name carries no hash: `excluded`, `prehashed`, `too-long`. */
  readonly fixed?: string;
  readonly refersTo: readonly string[];
  readonly referredToBy: readonly string[];
  /** The circle of references that it is in, itself included. */
  readonly cycle?: readonly string[];
  /** Everything whose edit would change the name. */
  readonly dependsOn: readonly string[];
}
