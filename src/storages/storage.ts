import type { FileStamp } from '../files/stamp.js';
import type { DecodedInfo } from '../model/decode.js';
import type { Body, Output } from '../model/output.js';
import type { Warning } from '../model/static-file.js';

/** A file at a public path of a storage. */
export interface StoredFile {
  readonly kind: 'file' | 'link' | 'directory' | 'other';
  /** Bytes. */
  readonly size: number;
  /** Milliseconds since 1970, if the {@link Proof} is `stat`. */
  readonly mtimeMs?: number;
  /** Permission bits, if the storage has them. */
  readonly mode?: number;
  /** The path that a link points to. */
  readonly linkTarget?: string;
  /** Hexadecimal hash of the bytes, if the {@link Proof} is `hash`. */
  readonly hash?: string;
  /** The algorithm of that hash, if it differs from the {@link Proof}'s. */
  readonly hashAlgorithm?: string;
  /** The encoding it is served with: `gzip`, or `identity` for none. Absent if the storage keeps no headers or does not know them. */
  readonly encoding?: string;
}

/** How the files of a storage are compared with the outputs of a run. */
export type Proof =
  /** By size and time, as the record of the last run has them, or byte by byte ({@link Inventory.hasBytes}). */
  | { readonly kind: 'stat' }
  /** By hash. Any algorithm of `node:crypto` will do. */
  | { readonly kind: 'hash'; readonly algorithm: string };

/** The files of a storage when a run begins. */
export interface Inventory {
  readonly proof: Proof;
  /** Returns the file at a public path, or `undefined` if there is none. */
  get(publicPath: string): StoredFile | undefined;
  /**
   * Returns every path in the storage, for `--clear`. Empty folders are included, with kind `directory`. Files of another
   * destination further down (below its note, index or head) are left out.
   */
  entries(): Iterable<readonly [publicPath: string, stored: StoredFile]>;
  /**
   * Whether a run has published to this destination before. If not, `--clear` deletes nothing. Absent if the storage knows
   * it file by file ({@link Inventory.isOwn}).
   */
  readonly hasRun?: boolean;
  /**
   * Whether a run published this file here. `--clear` deletes no other files. Absent if every file counts as published.
   */
  isOwn?(publicPath: string): boolean;
  /**
   * Returns the folders further down that are destinations of their own. Nothing in them is ever deleted. Absent if the
   * storage never deletes a folder together with its files.
   */
  nested?(): readonly string[];
  /**
   * Returns a key that is equal for paths which the storage cannot keep apart, such as `a.js` and `A.js`. Absent if every
   * path is distinct.
   */
  fold?(publicPath: string): string;
  /**
   * Whether a path is listed in exactly this letter case, its folders included. If not, the file is written again to
   * correct it. Absent if letter case matters anyway, or cannot be changed.
   */
  hasSpelling?(publicPath: string): boolean;
  /** Whether the file at a path has exactly these bytes. Required if the proof is `stat`. */
  hasBytes?(publicPath: string, body: Body): boolean;
  /**
   * Returns the hexadecimal hash of a file's bytes. `prune` uses it to check that a file is still as it was published. Not
   * needed if the proof is `hash` with `sha384`, the algorithm of the manifest's details. With neither, nothing is pruned.
   *
   * @param algorithm of `node:crypto`: `sha384`
   */
  digest?(publicPath: string, algorithm: string): Promise<string>;
  /**
   * Whether the file at a path, decoded, has exactly this content. That shows whether a variant belongs to the file beside
   * it. Without this method, variants that a run does not publish are left alone.
   *
   * @param encoding `gzip`, `br`, `zstd`
   */
  decodesTo?(publicPath: string, encoding: string, content: DecodedInfo): Promise<boolean>;
  /**
   * Whether all of this comes from an index that the last run completed. Then nothing has changed since that run.
   * Otherwise, anybody may have written there.
   */
  readonly fromIndex?: boolean;
  /** Whether the file at an output's path has that output's headers. Required if the storage keeps headers. */
  hasHeaders?(output: Output): boolean;
  /**
   * Returns the unused files, each with the time when a run first left it out, in milliseconds since 1970. Absent if the
   * storage does not record that in {@link Storage.commit}.
   */
  unusedFiles?(): Iterable<readonly [publicPath: string, since: number]>;
  /** Set if another run was given up lately. It may still wake up, so nothing may be deleted yet. */
  readonly quiet?: QuietTime;
  /** The mode that the storage gives to files, if it has modes. A file with another mode counts as changed. */
  readonly fileMode?: number;
}

/** The time after a run was given up because it showed no sign of life. It may still wake up and write. */
export interface QuietTime {
  /** When the run was given up. */
  readonly since: Date;
  /** When files may be deleted again. */
  readonly until: Date;
  /**
   * Set if the run was deleting: the ids of the releases that it had begun to delete. Then only the files of the live
   * manifest count as present. All others must be written again.
   */
  readonly going?: readonly string[];
}

/** One file to be written. */
export interface WriteRequest {
  readonly publicPath: string;
  readonly body: Body;
  /** Whether to link to the body's file instead of copying it. Only if the storage `canLink`. */
  readonly link: boolean;
  /** The output that is published there. */
  readonly output: Output;
  /** Whether the bytes are there already and only the headers differ ({@link Inventory.hasHeaders}). */
  readonly headersOnly?: boolean;
}

/** One file that was written. */
export interface Written {
  readonly publicPath: string;
  /** The state of the source file whose bytes were published. */
  readonly source?: FileStamp;
  /** Modification time of the published file in milliseconds, if it differs from the source's. */
  readonly mtimeMs?: number;
}

export interface WriteOptions {
  /** Called once for each file, when it is complete under its name (`write`) or gone (`remove`). */
  done(written: Written): void;
  /** Called now and then with the number of files and bytes sent so far, for a progress line. */
  progress?(files: number, bytes?: number): void;
  /**
   * Whether the run replaces a manifest that servers may be using. After a power cut, the new manifest must not exist
   * without the files that it names.
   */
  readonly replacesManifest?: boolean;
  /** When aborted, stop soon, leave no half-written file, and reject. */
  readonly signal: AbortSignal;
}

export interface RemoveOptions extends WriteOptions {
  /** The ids of the releases being deleted. If this run dies halfway, none of them can be activated. */
  readonly going?: readonly string[];
}

export interface InventoryOptions {
  /** Ask the destination itself, and do not use the index of an earlier run (`--checksum`, `--clear`). */
  readonly refresh?: boolean;
  /** Include every file. Otherwise an index may leave out files that no run from here has published. */
  readonly complete?: boolean;
  /** The inventory decides on deletions. Look again if a listing shows whether files are still as they were published. */
  readonly forDeletion?: boolean;
  /** `false`: keep no index (`--no-index`). */
  readonly index?: boolean;
}

/** A file that publishing has changed. */
export interface ChangedFile {
  readonly publicPath: string;
  /** Whether the name depends on the content, so that no cache holds an older file of that name. */
  readonly immutable: boolean;
}

/** What a run has published. */
export interface Commit {
  /** The files that were written or deleted. */
  readonly changed: readonly ChangedFile[];
  /** All outputs of the run, unchanged ones included. `undefined` for commands other than collectstatic. */
  readonly published?: readonly Output[] | undefined;
  readonly signal: AbortSignal;
}

/**
 * A destination that files are published to. Implementations are factories that return plain readonly objects. They throw
 * raw errors, which the caller wraps once with the storage's name.
 */
export interface Storage {
  /** Shown to users: `filesystem`. */
  readonly name: string;
  /** Absolute path, if the destination is a local folder. */
  readonly folder?: string;
  /** How a destination that is not a local folder is shown to users: `s3://my-bucket/static/`. */
  readonly displayUrl?: string;
  /** Whether files that have a variant are published as that variant, under their own name. */
  readonly storesInline?: boolean;
  /** The URL of the published files, if it differs from `staticUrl`. Ends in `/`. */
  readonly publicUrl?: string;
  /** Globs of public paths in its options, by key. A run warns of those that match no file. */
  readonly globs?: Readonly<Record<string, string>>;
  /** Whether it can hold links to source files (`--link`). */
  readonly canLink?: boolean;

  /** Returns what is published there now. */
  inventory(signal: AbortSignal, options?: InventoryOptions): Promise<Inventory>;

  /**
   * Whether the last run published exactly these outputs and no run has changed anything since. Then the run is over: no
   * inventory is taken, and nothing is written.
   */
  hasPublished?(outputs: readonly Output[], signal: AbortSignal): Promise<boolean>;

  /**
   * Writes the files of one phase, with a concurrency of its choice. At every moment a path must show its whole old or its
   * whole new content. A target of the wrong type, such as a folder, is removed right before it is replaced.
   *
   * @throws StaticFilesError `overtaken` if another run has written to the destination since the inventory was taken. The
   *   caller then takes the lock and plans again
   */
  write(files: readonly WriteRequest[], options: WriteOptions): Promise<void>;

  /**
   * Removes files (never what a link points to), and the folders that become empty. Missing paths are no error. A file that
   * somebody has replaced since the inventory was taken may be left alone, and is then not reported as `done`.
   */
  remove(publicPaths: readonly string[], options: RemoveOptions): Promise<void>;

  /**
   * Returns the id of the last run that published there, if the storage keeps it. Recorded sizes and times are used only if
   * they were recorded by that run.
   */
  lastRun?(): Promise<string | undefined>;

  /** Returns the text at a path, or `undefined` if there is none. */
  readText(publicPath: string): Promise<string | undefined>;

  /** Called once after everything was published. Write an index here, or purge the storage's own cache. */
  commit?(published: Commit): Promise<void>;

  /** Takes the destination for this run, so that two runs never mix, and clears away what a dead run left. */
  lock?(signal: AbortSignal, options?: LockOptions): Promise<StorageLock>;

  /**
   * Frees what keeps the process alive, such as connections. Called once when a command is over, after success and
   * failure alike. Nothing is called afterwards. The end of a run is {@link commit}.
   */
  close?(): Promise<void>;
}

/** How a destination is taken. A storage may ignore all of it. */
export interface LockOptions {
  /**
   * The run looks before it changes anything, and may find nothing to do. So the storage may take the destination as late
   * as at the first write, and give it back as early as in `commit`. If another run was there since the look, the first
   * write throws `overtaken`.
   */
  readonly atFirstWrite?: boolean;
  /** Called with what the user should know, such as that the run is waiting for another one. */
  warn?(warning: Warning): void;
  /**
   * Only code of this package runs while the lock is held. It lets timers have their turn every 50 ms, also in long loops. So
   * a storage may start a moment later what shows others that the run is alive. Code of the project, such as a hook, may
   * block the thread at any time.
   */
  readonly responsive?: boolean;
  /** Whether the run goes on until somebody stops it (`--watch`), so that others need not wait for its end. */
  readonly watching?: boolean;
}

/** The right to write to a destination. */
export interface StorageLock {
  /**
   * Aborted when the lock is lost, for example because the computer was suspended. The run must then stop. A storage whose
   * calls reject with `overtaken` from then on need not abort it: a run that publishes then begins again.
   */
  readonly lost: AbortSignal;
  /** Whether the destination will only be taken at the first write ({@link LockOptions.atFirstWrite}). */
  readonly isPending?: boolean;
  /** Whether the lock really keeps other runs out. `false` for services without conditional writes. */
  readonly exclusive?: boolean;
  release(): Promise<void>;
}
