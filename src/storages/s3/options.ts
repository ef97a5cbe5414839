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

/** The bucket, the credentials, and how objects are stored. Defaults are the AWS SDK's unless noted. */
export interface S3Options {
  readonly bucket: string;
  /** `eu-central-1`. Default: `AWS_REGION` or the profile's. */
  readonly region?: string;
  /** The address of another service with S3's protocol: `https://s3.example.com`. */
  readonly endpoint?: string;
  /** Whether addresses have the bucket in their path instead of the host name. */
  readonly forcePathStyle?: boolean;
  /**
   * Keys, or a function that returns them. Default: as the SDK finds them in the environment, profiles, SSO and roles
   * (https://docs.aws.amazon.com/sdk-for-javascript/v3/developer-guide/setting-credentials-node.html).
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
  /** `WHEN_REQUIRED` for services that do not support the checksums of the SDK. Default `WHEN_SUPPORTED`. */
  readonly requestChecksumCalculation?: 'WHEN_SUPPORTED' | 'WHEN_REQUIRED';
  /** `WHEN_REQUIRED` for services that refuse the header by which the SDK requests checksums. Default `WHEN_SUPPORTED`. */
  readonly responseChecksumValidation?: 'WHEN_SUPPORTED' | 'WHEN_REQUIRED';
  /** Objects larger than this many bytes are sent in parts of that size. At least 5 MiB. Default 8 MiB. */
  readonly partSize?: number;
  /** How often a request is tried. Default 8. */
  readonly maxAttempts?: number;
  /** How many objects are sent at a time. Default 16. */
  readonly concurrency?: number;
  /** Your own client, instead of region, endpoint, credentials and the like. */
  readonly client?: S3Client;
}

const MiB = 1024 * 1024;
const DEFAULTS = { partSize: 8 * MiB, maxAttempts: 8, concurrency: 16 };
const CHECKSUMS = ['WHEN_SUPPORTED', 'WHEN_REQUIRED'] as const;

/** The options that your own client already has. */
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

/** The options with their defaults. */
export type CompleteS3Options = S3Options & Required<Pick<S3Options, keyof typeof DEFAULTS>>;

/**
 * Checks the options and adds the defaults.
 *
 * @throws StaticFilesError `settings` with all problems
 */
export function s3Options(options: S3Options): CompleteS3Options {
  checkOptions(RULES, options);
  if (options.client !== undefined) refuseBeside('client', CLIENT_OPTIONS, options, 's3');
  refuseBucketInPath(options);
  return { ...DEFAULTS, ...withoutUndefined(options) };
}

/** Dashboards show such addresses. The SDK would add the bucket again, so that objects get its name as a prefix. */
function refuseBucketInPath({ bucket, endpoint }: S3Options): void {
  const { pathname = '', origin } = endpoint === undefined ? {} : new URL(endpoint);
  if (pathname.replace(/\/$/, '') !== `/${bucket}`) return;
  const message = `The option 'endpoint' of the storage 's3' contains the bucket: '${endpoint}'. Write '${origin}'.`;
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
