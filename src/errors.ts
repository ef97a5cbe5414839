import { errorWithoutSecrets, withoutSecrets } from './secrets.js';

/**
 * What can go wrong, by kind. Codes are stable: scripts and tests may rely on them.
 *
 * - `settings`: the settings cannot be read, or a check failed
 * - `source`: a source file or folder cannot be read, or cannot be published as it is
 * - `conflict`: several sources claim one path, and the settings forbid that
 * - `target`: the destination cannot be read or written, or is not as it must be
 * - `locked`: another run holds the destination
 * - `overtaken`: another run has published to the same place meanwhile
 * - `cancelled`: the person asked said no
 * - `interrupted`: the signal given by the caller was aborted
 * - `plugin`: a finder, storage or processor of the user's own failed
 * - `usage`: an argument makes no sense
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

/**
 * An error whose message is meant for the person who ran the command: it names the file,
 * says what is wrong and what to do. Everything else that is thrown is a defect.
 * Neither its message nor its causes show credentials, whoever logs them.
 *
 * @example
 * throw new StaticFilesError('source', `Cannot read '${path}': permission denied.`, { cause: error });
 */
export class StaticFilesError extends Error {
  override readonly name = 'StaticFilesError';
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(
      withoutSecrets(message),
      options && 'cause' in options ? { cause: errorWithoutSecrets(options.cause) } : options,
    );
    this.code = code;
  }
}

const SYSTEM_ERRORS: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EPERM: 'operation not permitted',
  ENOENT: 'no such file or directory',
  ENOTDIR: 'a part of the path is not a directory',
  EISDIR: 'it is a directory',
  ENXIO: 'it is a socket, or a device that is not there',
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

/** `ENOENT` and the like, or `undefined` where the error has no such code. */
export function systemErrorCode(error: unknown): string | undefined {
  const code = error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined;
  return typeof code === 'string' ? code : undefined;
}
