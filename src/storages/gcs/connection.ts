import type { Bucket } from '@google-cloud/storage';
import type { LimitFunction } from 'p-limit';
import type { CompleteGcsOptions } from './options.js';

/** What the calls to a bucket have in common. */
export interface GcsConnection {
  readonly bucket: Bucket;
  readonly options: CompleteGcsOptions;
  /** Through which large objects go. */
  readonly large: LimitFunction;
}
