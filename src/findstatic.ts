import type { HiddenFile } from './finders/finder.js';
import type { SearchRoot } from './static-file.js';

export interface FindOptions {
  /** Stop at the first match. */
  readonly first?: boolean;
}

/** A file, or a folder, that a name stands for. */
export interface Match {
  /** Absolute real path. */
  readonly sourcePath: string;
  readonly finder: string;
  readonly root: SearchRoot;
  readonly directory: boolean;
  /** For a shadowed file: whether its bytes are the winner's. */
  readonly sameBytes?: boolean;
}

export interface FindResult {
  /** As it was asked for: a logical path, or a public URL. */
  readonly name: string;
  readonly logicalPath: string;
  /** The winner first. */
  readonly matches: readonly Match[];
  /** Where there is no match: the file that an ignore pattern hides. */
  readonly hidden?: HiddenFile;
  /** Where there is no match: names that come nearest, best first. */
  readonly nearest: readonly string[];
}
