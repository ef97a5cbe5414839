import type { S3Client } from '@aws-sdk/client-s3';
import type { LimitFunction } from 'p-limit';
import type { S3Sdk } from './client.js';
import type { CompleteS3Options } from './options.js';
import type { PutSender } from './put-sender.js';

/** What the calls to a bucket have in common. */
export interface S3Connection {
  readonly sdk: S3Sdk;
  readonly client: S3Client;
  readonly send: PutSender;
  readonly options: CompleteS3Options;
  /** Through which large objects go. */
  readonly large: LimitFunction;
  /** Calls that the service turned out not to have. */
  readonly lacks: { copies: boolean; deletions: boolean };
}
