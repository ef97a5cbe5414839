import type { Bucket, Storage as GcsClient, StorageOptions } from '@google-cloud/storage';
import type { LimitFunction } from 'p-limit';
import { describeNetworkFailure } from '../services/errors.js';
import { isPassingStatus, SILENCE } from '../services/retry.js';
import type { CompleteGcsOptions } from './options.js';

/** The module of the client library, loaded when it is needed. */
export type GcsSdk = typeof import('@google-cloud/storage');

/** The longest wait between two attempts, in seconds. */
const LONGEST_WAIT = 16;

/** Returns the client of the options, or makes one. */
export function gcsClient(sdk: GcsSdk, options: CompleteGcsOptions): GcsClient {
  return (options.client as GcsClient | undefined) ?? new sdk.Storage(clientOptions(sdk, options));
}

function clientOptions(sdk: GcsSdk, options: CompleteGcsOptions): StorageOptions {
  const { projectId, keyFilename, credentials, apiEndpoint, maxRetries } = options;
  return {
    ...(projectId !== undefined && { projectId }),
    ...(keyFilename !== undefined && { keyFilename }),
    ...(credentials !== undefined && { credentials }),
    ...(apiEndpoint !== undefined && { apiEndpoint }),
    retryOptions: {
      maxRetries,
      maxRetryDelay: LONGEST_WAIT,
      // Every write stores a whole object, so repeating one does no harm.
      idempotencyStrategy: sdk.IdempotencyStrategy.RetryAlways,
      retryableErrorFn: isPassing,
    },
  };
}

/** The code of the library's error for an object whose bytes do not match its checksum. */
export const READ_DAMAGED = 'CONTENT_DOWNLOAD_MISMATCH';

/**
 * Whether a failure may be temporary. The library's own answer leaves out names that cannot be resolved, refused and cut
 * connections, and timeouts.
 */
export function isPassing(error: Error & { readonly code?: unknown }): boolean {
  const { code } = error;
  return (
    isPassingStatus(Number(code)) || code === READ_DAMAGED || describeNetworkFailure(error) !== undefined
  );
}

/** Bytes a millisecond on the slowest line that a large object may be sent over. */
const SLOWEST = 4;

/**
 * Limits how long each attempt of a bucket's or a file's requests may take. The library waits for ever by default, and knows
 * no limit on silence, so an upload gets more time the larger it is.
 *
 * @param bytes of the body of a request
 */
export function limitAttempts<T extends Pick<Bucket, 'interceptors'>>(target: T, bytes = 0): T {
  const longest = SILENCE + Math.ceil(bytes / SLOWEST);
  target.interceptors.push({
    request: (request) => ({ ...request, timeout: Math.max(request.timeout ?? 0, longest) }) as Intercepted,
  });
  return target;
}

type Intercepted = ReturnType<Bucket['interceptors'][number]['request']>;

/** What every call to a bucket needs. */
export interface GcsConnection {
  readonly bucket: Bucket;
  readonly options: CompleteGcsOptions;
  /** Limits how many large objects are sent at a time. */
  readonly large: LimitFunction;
}
