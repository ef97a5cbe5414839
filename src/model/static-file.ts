/** A folder that a finder searches, and the setting that names it. */
export interface SearchRoot {
  /** Absolute path, in the system's own form. */
  readonly dir: string;
  /** Folder before each logical path from here, without slashes at its ends: `''`, `vendor`, `v/sub`. */
  readonly prefix: string;
  /** The setting it comes from: `staticfilesDirs[1]`, `installedApps[0] (bootstrap)`. */
  readonly setting: string;
  /** Whether it is in an installed npm package. */
  readonly vendor: boolean;
  /** Patterns of the files to take, by their paths in it (docs/patterns.md). All by default. */
  readonly include?: readonly string[];
  /** Patterns of files and folders to leave out of it, in addition to those of the run. */
  readonly ignore?: readonly string[];
}

/** A file that a finder found. */
export interface StaticFile {
  /** POSIX path below `staticUrl`: `admin/css/base.css`. */
  readonly logicalPath: string;
  /** Absolute path of the file, in the system's own form. */
  readonly sourcePath: string;
  /** The search root it was found in. */
  readonly root: SearchRoot;
}

/** A file that exists but is not collected, because an ignore pattern matches, or no pattern of `include`. */
export interface HiddenFile {
  /** Absolute path. */
  readonly sourcePath: string;
  /** The ignore pattern that matches; if the root has an `include` that does not match, its patterns. */
  readonly pattern: string;
  /** `include` if it is left out by that. */
  readonly by?: 'include';
}

/** A problem that does not stop the run. */
export interface Warning {
  /** Stable code for scripts: `W004`, `special-file`, `name-collision`. */
  readonly code: string;
  readonly message: string;
  /** Lowest verbosity at which it is shown (default: 1). */
  readonly verbosity?: 1 | 2;
}
