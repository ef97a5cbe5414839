import type { FileStamp } from '../files/stamp.js';
import type { DecodedInfo } from '../model/decode.js';
import type { Body, Output } from '../model/output.js';
import type { Warning } from '../model/static-file.js';

/** What stands at a public path in a storage. */
export interface StoredFile {
  readonly kind: 'file' | 'link' | 'directory' | 'other';
  /** Bytes. */
  readonly size: number;
  /** Milliseconds since 1970; where the storage can be compared by `stat`. */
  readonly mtimeMs?: number;
  /** Permission bits, where the storage has such. */
  readonly mode?: number;
  /** Where a link points. */
  readonly linkTarget?: string;
  /** Hexadecimal hash of the bytes, where the storage can be compared by `hash`. */
  readonly hash?: string;
  /** The algorithm of that hash, where it is not the one of the {@link Proof}. */
  readonly hashAlgorithm?: string;
  /** The content coding that it is served with, `identity` without one; where the storage keeps headers and knows them. */
  readonly encoding?: string;
}

/** How a storage's files can be compared with what is to be published. */
export type Proof =
  /** By size and time, as recorded at the last run, or by their bytes ({@link Inventory.hasBytes}). */
  | { readonly kind: 'stat' }
  /** By hash; any algorithm of `node:crypto`. */
  | { readonly kind: 'hash'; readonly algorithm: string };

/** What is in a storage when a run begins. */
export interface Inventory {
  readonly proof: Proof;
  /** What stands at that path; `undefined` where nothing does. */
  get(publicPath: string): StoredFile | undefined;
  /**
   * Every path in the storage, empty folders included (with kind `directory`): for `--clear`. What is below the note,
   * index or head of another destination further down is left out.
   */
  entries(): Iterable<readonly [publicPath: string, stored: StoredFile]>;
  /**
   * Whether a run has published here before, as far as the destination says. If not, `--clear` deletes nothing. Absent
   * if the storage can say it file by file ({@link Inventory.isOwn}).
   */
  readonly hasRun?: boolean;
  /**
   * Whether a run published it here, as the destination's index says: `--clear` deletes nothing else. Absent if all that
   * is here counts as published.
   */
  isOwn?(publicPath: string): boolean;
  /**
   * The folders further down that are destinations of their own. Nothing in them is deleted, whatever is asked. Absent
   * if no folder is ever deleted with what is in it.
   */
  nested?(): readonly string[];
  /**
   * A key that is equal for paths which the storage takes for one and the same: `a.js` and `A.js`. Absent if every path
   * is its own.
   */
  fold?(publicPath: string): string;
  /**
   * Whether what is at a path is listed in that letter case, its folders too. `false` has it written again, so that it
   * is. Absent where letter case counts, or cannot be changed.
   */
  hasSpelling?(publicPath: string): boolean;
  /** Whether the file at a path has exactly these bytes; needed where the proof is `stat`. */
  hasBytes?(publicPath: string, body: Body): boolean;
  /**
   * The hash of the bytes of the file at a path, hexadecimal, by an algorithm of `node:crypto`. By it is told whether a
   * file is still as it was published, before it is pruned. Not needed where the proof is `hash` with `sha384`, the
   * algorithm of the manifests' details; where neither is there, nothing is pruned.
   */
  digest?(publicPath: string, algorithm: string): Promise<string>;
  /**
   * Whether the file at a path, in that content coding (`gzip`), decodes to exactly this content. By it is known whether
   * a compressed variant belongs to the file beside it. Without it, variants that a run does not publish are left alone.
   */
  decodesTo?(publicPath: string, encoding: string, content: DecodedInfo): Promise<boolean>;
  /**
   * Whether all this is from an index that the last run wrote when it was done. What that run left is then as it left
   * it; otherwise anybody may have written there since.
   */
  readonly fromIndex?: boolean;
  /** Whether the file at an output's path has the headers that it is to be served with; needed where the storage keeps such. */
  hasHeaders?(output: Output): boolean;
  /**
   * What runs have published there and later ones have not, and when that was first so, in milliseconds since 1970; where
   * the storage keeps an account of it ({@link Storage.commit}).
   */
  unusedFiles?(): Iterable<readonly [publicPath: string, since: number]>;
  /** If another run was given up lately: it may still wake up, so nothing must be deleted yet. */
  readonly quiet?: QuietTime;
  /** The mode that a file will be given, where the storage has such; another one there is a change. */
  readonly fileMode?: number;
}

/** What a run that was given up, since it showed no life, may still do when it wakes up. */
export interface QuietTime {
  /** When the run was given up. */
  readonly since: Date;
  /** From when on files may be deleted again. */
  readonly until: Date;
  /**
   * If the run was deleting: the ids of the releases that it had begun to delete. Then only what the live manifest names
   * counts as there; all else must be written again.
   */
  readonly going?: readonly string[];
}

/** One file to be written. */
export interface WriteRequest {
  readonly publicPath: string;
  readonly body: Body;
  /** A link to the body's file in place of a copy; only where the storage `canLink`. */
  readonly link: boolean;
  /** What is published there: what is known of its bytes, and of what kind they are. */
  readonly output: Output;
  /** The bytes stand there already, and only the headers are others ({@link Inventory.hasHeaders}). */
  readonly headersOnly?: boolean;
}

/** One file that was written. */
export interface Written {
  readonly publicPath: string;
  /** The state of the source file whose bytes were published. */
  readonly source?: FileStamp;
  /** Modification time of what was published, milliseconds, where it is not the source's. */
  readonly mtimeMs?: number;
}

export interface WriteOptions {
  /** Called once for each file, when it stands whole under its name (or is gone, for `remove`). */
  done(written: Written): void;
  /** Called now and then with how many files, and bytes of them, are on their way, so that a person sees it move. */
  progress?(files: number, bytes?: number): void;
  /**
   * Whether the run replaces a manifest that servers may be using. After a power cut, this one must not be there without
   * the files that it names.
   */
  readonly replacesManifest?: boolean;
  /** When aborted, stop soon, leave no half-written file, and reject. */
  readonly signal: AbortSignal;
}

export interface RemoveOptions extends WriteOptions {
  /** The ids of the releases that are deleted, so that nobody activates one after this run died halfway. */
  readonly going?: readonly string[];
}

export interface InventoryOptions {
  /** Ask the destination itself, and trust no account that an earlier run has kept of it (`--checksum`, `--clear`). */
  readonly refresh?: boolean;
  /** All that is there must be in it; else an index may leave out what no run from here has published. */
  readonly complete?: boolean;
  /** What is deleted is planned by it: if a listing tells whether files are still as they were published, look again. */
  readonly forDeletion?: boolean;
  /** `false`: keep no such account either (`--no-index`). */
  readonly index?: boolean;
}

/** A file that publishing has changed. */
export interface ChangedFile {
  readonly publicPath: string;
  /** Whether its name tells its content, so that nobody holds an old one of that name. */
  readonly immutable: boolean;
}

/** What a run has published, when it is done. */
export interface Commit {
  /** What has changed; deleted files too. */
  readonly changed: readonly ChangedFile[];
  /** All that the run publishes, unchanged files too; `undefined` if it was not a run of collectstatic. */
  readonly published?: readonly Output[] | undefined;
  readonly signal: AbortSignal;
}

/**
 * The destination. Implementations are factories that return plain readonly objects, and throw raw errors: the
 * caller wraps them.
 */
export interface Storage {
  /** Shown to people: `filesystem`. */
  readonly name: string;
  /** Absolute path, where the destination is a local folder. */
  readonly folder?: string;
  /** Where it is, as a person would write it, where it is elsewhere: `s3://my-bucket/static/`. */
  readonly displayUrl?: string;
  /** Whether a file of which a compressed variant was made is published as that, under its own name. */
  readonly storesInline?: boolean;
  /** Where browsers reach what is published, where that is not `staticUrl`. */
  readonly publicUrl?: string;
  /** Whether it can hold links to source files (`--link`). */
  readonly canLink?: boolean;

  /** What is there now. */
  inventory(signal: AbortSignal, options?: InventoryOptions): Promise<Inventory>;

  /**
   * Whether the last run published exactly these outputs, and nothing was changed by a run since. Then the inventory is
   * not taken, and nothing is written.
   */
  hasPublished?(outputs: readonly Output[], signal: AbortSignal): Promise<boolean>;

  /**
   * Writes the files of one phase; the storage chooses its own concurrency. A path that existed must show its
   * old or its new whole content at every moment. A target of the wrong type is removed right before it is replaced.
   *
   * @throws StaticFilesError `overtaken` where another run has written to the same place since the inventory was taken:
   *   the caller takes the lock, and plans again
   */
  write(files: readonly WriteRequest[], options: WriteOptions): Promise<void>;

  /**
   * Removes files (not what links point to), and the folders that become empty. A path that is not there is no error. A
   * file that somebody has replaced since the inventory was taken may be left alone; it is then not `done`.
   */
  remove(publicPaths: readonly string[], options: RemoveOptions): Promise<void>;

  /**
   * The id of the last run that published files there, if the storage keeps it. Only what that run recorded of sizes and
   * times is believed.
   */
  lastRun?(): Promise<string | undefined>;

  /** The text at a path; `undefined` where there is none. */
  readText(publicPath: string): Promise<string | undefined>;

  /** Called once after everything was published. The place to write an index, or to purge what the storage itself caches. */
  commit?(published: Commit): Promise<void>;

  /** Takes the destination for this run, so that two runs never mix, and clears away what a dead run left. */
  lock?(signal: AbortSignal, options?: LockOptions): Promise<StorageLock>;

  /**
   * Frees what keeps the process alive, such as connections. Called once when a command is over, after success and
   * failure alike; nothing else is called afterwards. Not the end of a run: that is {@link commit}.
   */
  close?(): Promise<void>;
}

/** How a destination is taken. A storage may ignore all of it. */
export interface LockOptions {
  /**
   * The run looks before it changes anything, and may find that nothing is to be done. So the destination may be taken
   * as late as at the first write, which throws `overtaken` if another run was there since the look, and be given back as
   * early as by `commit`.
   */
  readonly atFirstWrite?: boolean;
  /** Called with what the user should know, such as that another run is waited for. */
  warn?(warning: Warning): void;
  /** Whether the run goes on until somebody stops it, so that it is no use to wait for its end. */
  readonly watching?: boolean;
}

/** The right to write to a destination. */
export interface StorageLock {
  /**
   * Aborted when the lock was lost, as after a suspended computer woke up; the run must then stop. Never, if the storage's
   * calls reject from then on, as `overtaken`: a run that publishes then begins again.
   */
  readonly lost: AbortSignal;
  /** Whether the destination is not taken yet, but will be at the first write ({@link LockOptions.atFirstWrite}). */
  readonly isPending?: boolean;
  /** Whether no other run can write as long as it is held; `false` for services without conditional writes. */
  readonly exclusive?: boolean;
  release(): Promise<void>;
}
