import { StaticFilesError } from '../../errors.js';
import type { Reporter, Serving } from '../reporter.js';

/** Environment variable that makes `staticfiles serve` a worker. */
export const WORKER_VARIABLE = 'STATICFILES_WORKER';

/** Value of the variable, as JSON. */
export interface WorkerRole {
  /** Number of workers. They share the memory for files. */
  readonly workers: number;
  /** Port to listen on, if it is not the one of the command line. */
  readonly port?: number | undefined;
}

/** A call of the reporter that a worker passes on, because only the process that started it prints. */
export type WorkerReport =
  | readonly [name: 'warned', ...args: Parameters<Reporter['warned']>]
  | readonly [name: 'answered', ...args: Parameters<Reporter['answered']>]
  | readonly [name: 'serving', server: Serving]
  | readonly [name: 'failed', error: PlainError];

/** Request of the process that started a worker: to stop, or to retire because another worker has taken over. */
export type WorkerOrder = 'stop' | 'retire';

/** An error as data. */
export interface PlainError extends Partial<Pick<StaticFilesError, 'code' | 'details'>> {
  readonly message: string;
  readonly stack?: string | undefined;
  readonly cause?: PlainError | undefined;
}

export function plainError(error: unknown): PlainError {
  if (!(error instanceof Error)) return { message: String(error) };
  const { message, stack } = error;
  const cause = error.cause === undefined ? undefined : plainError(error.cause);
  if (!(error instanceof StaticFilesError)) return { message, stack, cause };
  return { code: error.code, details: error.details, message, stack, cause };
}

/** Returns the error that {@link plainError} has made data of. */
export function errorFrom({ code, details = {}, message, stack, cause: plainCause }: PlainError): Error {
  const cause = plainCause && { cause: errorFrom(plainCause) };
  const error =
    code === undefined
      ? new Error(message, cause)
      : new StaticFilesError(code, message, { details, ...cause });
  if (stack !== undefined) error.stack = stack;
  return error;
}
