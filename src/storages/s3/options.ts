import type { S3Client, S3ClientConfig } from '@aws-sdk/client-s3';
import * as v from 'valibot';
import { StaticFilesError } from '../../errors.js';
import {
  address,
  checkOptions,
  flag,
  type OptionsRules,
  refuseBeside,
  text,
  wholeNumber,
  withoutUndefined,
} from '../../plugins/options.js';
import { SHARED_OPTIONS } from '../objects/options.js';

/** Where a bucket is, and how objects are stored there. What is left out is as the AWS SDK has it. */
export interface S3Options {
  readonly bucket: string;
  /** `eu-central-1`; else from `AWS_REGION` or the profile. */
  readonly region?: string;
  /** The address of another service with S3's protocol: `https://s3.example.com`. */
  readonly endpoint?: string;
  /** Whether the bucket stands in the path of addresses, not in the host's name. */
  readonly forcePathStyle?: boolean;
  /**
   * Keys, or a function that finds them; else as the SDK finds them: the environment, profiles, SSO, roles.
   * https://docs.aws.amazon.com/sdk-for-javascript/v3/developer-guide/setting-credentials-node.html
   */
  readonly credentials?: NonNullable<S3ClientConfig['credentials']>;
  /** A profile of `~/.aws/config`. */
  readonly profile?: string;
  /** A canned ACL: `public-read`. https://docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html#canned-acl */
  readonly acl?: string;
  /** `STANDARD_IA` */
  readonly storageClass?: string;
  /** `AES256`, `aws:kms` */
  readonly serverSideEncryption?: string;
  /** The key of `aws:kms`. */
  readonly sseKmsKeyId?: string;
  /** `WHEN_REQUIRED` for services that do not take the checksums that the SDK sends. Default `WHEN_SUPPORTED`. */
  readonly requestChecksumCalculation?: 'WHEN_SUPPORTED' | 'WHEN_REQUIRED';
  /** `WHEN_REQUIRED` for services that do not take the header by which the SDK asks for checksums. Default `WHEN_SUPPORTED`. */
  readonly responseChecksumValidation?: 'WHEN_SUPPORTED' | 'WHEN_REQUIRED';
  /** Bytes: objects that are larger are sent in parts of that size. Default 8 MiB, the least is 5 MiB. */
  readonly partSize?: number;
  /** How often a request is tried before it counts as failed. Default 8. */
  readonly maxAttempts?: number;
  /** How many objects are sent at a time. Default 16. */
  readonly concurrency?: number;
  /** A client of one's own, in place of region, endpoint, credentials and the like. */
  readonly client?: S3Client;
}

const MiB = 1024 * 1024;
const DEFAULTS = { partSize: 8 * MiB, maxAttempts: 8, concurrency: 16 };
const CHECKSUMS = ['WHEN_SUPPORTED', 'WHEN_REQUIRED'] as const;

/** What a client of one's own knows already. */
const CLIENT_OPTIONS = [
  'region',
  'endpoint',
  'forcePathStyle',
  'credentials',
  'profile',
  'requestChecksumCalculation',
  'responseChecksumValidation',
  'maxAttempts',
] as const;

const RULES: OptionsRules = {
  storage: 's3',
  beside: SHARED_OPTIONS,
  secret: ['credentials', 'client'],
  entries: {
    bucket: text,
    region: v.optional(text),
    endpoint: v.optional(address),
    forcePathStyle: v.optional(flag),
    credentials: v.optional(
      v.custom(isCredentials, 'an object with accessKeyId and secretAccessKey, or a function that gives one'),
    ),
    profile: v.optional(text),
    acl: v.optional(text),
    storageClass: v.optional(text),
    serverSideEncryption: v.optional(text),
    sseKmsKeyId: v.optional(text),
    requestChecksumCalculation: v.optional(v.picklist(CHECKSUMS, CHECKSUMS.join(' or '))),
    responseChecksumValidation: v.optional(v.picklist(CHECKSUMS, CHECKSUMS.join(' or '))),
    partSize: v.optional(wholeNumber(5 * MiB, ' of bytes')),
    maxAttempts: v.optional(wholeNumber(1)),
    concurrency: v.optional(wholeNumber(1)),
    client: v.optional(v.custom(isClient, 'an S3Client of @aws-sdk/client-s3')),
  },
};

/** The options with what is always there. */
export type CompleteS3Options = S3Options & Required<Pick<S3Options, keyof typeof DEFAULTS>>;

/**
 * Completes the options.
 *
 * @throws StaticFilesError `settings` with all that is wrong with them
 */
export function s3Options(options: S3Options): CompleteS3Options {
  checkOptions(RULES, options);
  if (options.client !== undefined) refuseBeside('client', CLIENT_OPTIONS, options, 's3');
  refuseBucketInPath(options);
  return { ...DEFAULTS, ...withoutUndefined(options) };
}

/** As dashboards show addresses. The SDK would add the bucket once more, and objects would get its name for a prefix. */
function refuseBucketInPath({ bucket, endpoint }: S3Options): void {
  const { pathname = '', origin } = endpoint === undefined ? {} : new URL(endpoint);
  if (pathname.replace(/\/$/, '') !== `/${bucket}`) return;
  const message = `The option 'endpoint' of the storage 's3' has the bucket in it: '${endpoint}'. Leave it out: '${origin}'.`;
  throw new StaticFilesError('settings', message);
}

function isCredentials(input: unknown): boolean {
  if (typeof input === 'function') return true;
  const { accessKeyId, secretAccessKey } = Object(input) as Record<string, unknown>;
  return [accessKeyId, secretAccessKey].every((key) => typeof key === 'string' && key !== '');
}

function isClient(input: unknown): boolean {
  return typeof (Object(input) as Record<string, unknown>).send === 'function';
}
