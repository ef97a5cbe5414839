import type { Bucket, Storage as GcsClient, StorageOptions } from '@google-cloud/storage';
import type { LimitFunction } from 'p-limit';
import { describeNetworkFailure } from '../services/errors.js';
import type { CompleteGcsOptions } from './options.js';

/** The module of the client library, loaded when it is needed. */
export type GcsSdk = typeof import('@google-cloud/storage');

/** Seconds between two attempts, at most. */
const LONGEST_WAIT = 16;

/** The client of the options, or one that is made of them. */
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
      // All that is written is whole, and the same again when it is written twice.
      idempotencyStrategy: sdk.IdempotencyStrategy.RetryAlways,
      retryableErrorFn: isPassing,
    },
  };
}

const PASSING: readonly unknown[] = [408, 429, 500, 502, 503, 504];

/** Of an object whose bytes are not those of its checksum. */
export const READ_DAMAGED = 'CONTENT_DOWNLOAD_MISMATCH';

/** Beside what the library takes for passing: names that cannot be resolved, refused and cut connections, timeouts. */
export function isPassing(error: Error & { readonly code?: unknown }): boolean {
  const { code } = error;
  return (
    PASSING.includes(Number(code)) || code === READ_DAMAGED || describeNetworkFailure(error) !== undefined
  );
}

/** What the calls to a bucket have in common. */
export interface GcsConnection {
  readonly bucket: Bucket;
  readonly options: CompleteGcsOptions;
  /** Through which large objects go. */
  readonly large: LimitFunction;
}
