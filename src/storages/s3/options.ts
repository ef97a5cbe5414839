import * as v from 'valibot';
import {
  type AwsCredentialProvider,
  type AwsCredentials,
  awsCredentials,
} from '../../plugins/aws-credentials.js';
import {
  address,
  checkOptions,
  flag,
  invalidOption,
  type OptionsRules,
  refuseBeside,
  text,
  wholeNumber,
  withoutUndefined,
} from '../../plugins/options.js';
import type { SdkClient } from '../../plugins/peer-dependency.js';
import { OBJECT_OPTIONS } from '../objects/options.js';

/** The bucket, the credentials, and how objects are stored. Defaults are the AWS SDK's unless noted. */
export interface S3Options {
  /** Name of the bucket. */
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
  readonly credentials?: AwsCredentials | AwsCredentialProvider;
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
  /** Your own `S3Client` of `@aws-sdk/client-s3`, in place of region, endpoint, credentials and the like. */
  readonly client?: SdkClient<'send'>;
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

/** The options of the service and those of all object storages. */
export const S3_OPTIONS: OptionsRules = {
  plugin: "storage 's3'",
  secret: ['credentials', 'client'],
  entries: {
    ...OBJECT_OPTIONS,
    bucket: text,
    region: v.optional(text),
    endpoint: v.optional(address),
    forcePathStyle: v.optional(flag),
    credentials: v.optional(awsCredentials),
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
  checkOptions(S3_OPTIONS, options);
  if (options.client !== undefined) refuseBeside('client', CLIENT_OPTIONS, options, S3_OPTIONS.plugin);
  refuseBucketInPath(options);
  return { ...DEFAULTS, ...withoutUndefined(options) };
}

/** Dashboards show such addresses. The SDK would add the bucket again, so that objects get its name as a prefix. */
function refuseBucketInPath({ bucket, endpoint }: S3Options): void {
  const { pathname = '', origin } = endpoint === undefined ? {} : new URL(endpoint);
  if (pathname.replace(/\/$/, '') !== `/${bucket}`) return;
  throw invalidOption(
    S3_OPTIONS.plugin,
    'endpoint',
    `'${endpoint}' contains the bucket.`,
    `Did you mean '${origin}'?`,
  );
}

function isClient(input: unknown): boolean {
  return typeof (Object(input) as Record<string, unknown>).send === 'function';
}
