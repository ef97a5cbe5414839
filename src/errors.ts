import { errorWithoutSecrets, withoutSecrets } from './secrets.js';

/**
 * Kind of an error. Codes are stable: scripts and tests may rely on them.
 *
 * - `settings`: the settings cannot be read, or a check failed
 * - `source`: a source file or folder cannot be read, or cannot be published as it is
 * - `conflict`: several sources have one logical path, and the settings forbid that
 * - `target`: the destination cannot be read or written, or is damaged
 * - `locked`: another run holds the destination
 * - `overtaken`: another run has published to the same destination in the meantime
 * - `cancelled`: the user answered no
 * - `interrupted`: the caller's signal was aborted
 * - `plugin`: a custom finder, storage, processor or hook failed
 * - `usage`: an argument is invalid
 */
export type ErrorCode =
  | 'settings'
  | 'source'
  | 'conflict'
  | 'target'
  | 'locked'
  | 'overtaken'
  | 'cancelled'
  | 'interrupted'
  | 'plugin'
  | 'usage';

/** A problem that a check of the settings found. */
export interface SettingsProblem {
  /** Listed in docs/checks.md: `E006` for an error, `W004` or a name such as `no-app-matches` for a warning. */
  readonly code: string;
  /** Absolute path of the settings file; absent if the value did not come from a file. */
  readonly file?: string;
  /** The key with all keys above it: `storages.staticfiles.options.bucket`, `staticfilesDirs[1]`. */
  readonly key?: string;
  /** What is wrong: `unknown setting.` */
  readonly message: string;
  /** What to do: `Did you mean 'staticRoot'?` */
  readonly hint?: string;
}

/** A reference in a file whose target does not exist. */
export interface MissingReference {
  /** Absolute path of the file with the reference; the logical path if a processor made the file. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** From 1, in UTF-16 code units as editors count them. */
  readonly column: number;
  /** The reference as it is written: `../img/papr.svg`. */
  readonly url: string;
  /** The logical path that it resolves to: `img/papr.svg`. */
  readonly target: string;
  /** The URL to write instead, if a file has a similar name: `../img/paper.svg`. */
  readonly suggestion?: string;
  /** What is known of it: `It exists, but the ignore pattern '.*' hides it.` The suggestion is part of this text. */
  readonly hint?: string;
}

/** Two source files of one logical path, with different bytes. */
export interface ConflictingFiles {
  readonly logicalPath: string;
  /** Absolute path of the file that comes first. */
  readonly winner: string;
  /** Absolute path of the file that is not collected. */
  readonly shadowed: string;
}

/** What an error carries for programs, besides its message. */
export interface ErrorDetails {
  /** With the code `settings`: all problems, errors first. */
  readonly problems?: readonly SettingsProblem[];
  /** With the code `source`: all missing references, file by file. The message shows the first 500. */
  readonly missingReferences?: readonly MissingReference[];
  /** With the code `conflict`: all pairs, in the order of the message. */
  readonly conflicts?: readonly ConflictingFiles[];
}

/** Options of a new {@link StaticFilesError}. */
export interface StaticFilesErrorOptions extends ErrorOptions {
  readonly details?: ErrorDetails;
}

/**
 * An error for users: its message names the file, says what is wrong and what to do. Any other error that the library
 * throws is a bug. Message, details and causes contain no credentials, so they can be logged.
 *
 * @example
 * ```ts
 * import { collectstatic, loadSettings, StaticFilesError } from 'staticfiles';
 *
 * try {
 *   await collectstatic(await loadSettings());
 * } catch (error) {
 *   if (!(error instanceof StaticFilesError)) throw error;
 *   for (const { file, line, target } of error.details.missingReferences ?? []) {
 *     console.error(`${file}:${line}: ${target}`);
 *   }
 * }
 * ```
 */
export class StaticFilesError extends Error {
  override readonly name = 'StaticFilesError';
  readonly code: ErrorCode;
  /** Data about the error for programs; an empty object if there is none. */
  readonly details: ErrorDetails;

  /** @param options `cause` is copied without credentials */
  constructor(code: ErrorCode, message: string, options: StaticFilesErrorOptions = {}) {
    super(
      withoutSecrets(message),
      'cause' in options ? { cause: errorWithoutSecrets(options.cause) } : undefined,
    );
    this.code = code;
    this.details = errorWithoutSecrets(options.details ?? {}) as ErrorDetails;
  }
}

const SYSTEM_ERRORS: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EPERM: 'operation not permitted',
  ENOENT: 'no such file or directory',
  ENOTDIR: 'a part of the path is not a directory',
  EISDIR: 'it is a directory',
  ENXIO: 'it is a socket, or a device that does not exist',
  ENOSPC: 'no space left on the device',
  EDQUOT: 'the disk quota is used up',
  EROFS: 'the file system is read-only',
  EMFILE: 'too many open files',
  ENAMETOOLONG: 'the name is too long for this file system',
  ELOOP: 'too many levels of symbolic links',
  EXDEV: 'it is on another file system',
  EBUSY: 'it is in use',
  EIO: 'an input/output error of the device',
  EFBIG: 'the file is too large for this file system',
};

/** The plain words for a system error, without its path and system call: `permission denied`. */
export function describeSystemError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code = systemErrorCode(error);
  return (code !== undefined && SYSTEM_ERRORS[code]) || error.message;
}

/** The code of a system error, such as `ENOENT`; `undefined` if the error has none. */
export function systemErrorCode(error: unknown): string | undefined {
  const code = error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined;
  return typeof code === 'string' ? code : undefined;
}
