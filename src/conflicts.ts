import type { StaticFile } from './static-file.js';

/** A file that is not collected because another of the same logical path comes first. */
export interface Conflict {
  readonly logicalPath: string;
  readonly winner: StaticFile;
  readonly shadowed: StaticFile;
  /** Reads both files when called. */
  sameBytes(): boolean;
}
