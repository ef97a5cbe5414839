/** A folder that a finder searches, and the setting that named it. */
export interface SearchRoot {
  /** Absolute path, in the system's own form. */
  readonly dir: string;
  /** What stands before each logical path from here: `''`, `vendor`, `v/sub`; never a slash at either end. */
  readonly prefix: string;
  /** The setting it came from, as a person would find it: `staticfilesDirs[1]`, `installedApps[0] (bootstrap)`. */
  readonly setting: string;
  /** Whether it lies in an installed npm package, and so holds other people's files. */
  readonly vendor: boolean;
}

/** A file that a finder found. */
export interface StaticFile {
  /** POSIX path under `staticUrl`: `admin/css/base.css`. */
  readonly logicalPath: string;
  /** Absolute path of the file, in the system's own form. */
  readonly sourcePath: string;
  /** Where it was found. */
  readonly root: SearchRoot;
}

/** Something that a person should know and that does not stop the run. */
export interface Warning {
  /** Stable, for scripts: `W004`, `special-file`, `name-collision`… */
  readonly code: string;
  readonly message: string;
  /** The least verbosity at which it is shown; 1 unless given. */
  readonly verbosity?: 1 | 2;
}
