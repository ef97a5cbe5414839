import * as v from 'valibot';
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
import {
  type AwsCredentialProvider,
  type AwsCredentials,
  awsCredentials,
  type SdkClient,
} from '../../plugins/sdk.js';
import { OBJECT_OPTIONS } from '../objects/options.js';

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
  /** Your own `S3Client` of `@aws-sdk/client-s3`, in place of region, endpoint, credentials and the like. */
  readonly client?: SdkClient<'send'>;
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

/** The options with what is always there. */
export type CompleteS3Options = S3Options & Required<Pick<S3Options, keyof typeof DEFAULTS>>;

/**
 * Completes the options.
 *
 * @throws StaticFilesError `settings` with all that is wrong with them
 */
export function s3Options(options: S3Options): CompleteS3Options {
  checkOptions(S3_OPTIONS, options);
  if (options.client !== undefined) refuseBeside('client', CLIENT_OPTIONS, options, S3_OPTIONS.plugin);
  refuseBucketInPath(options);
  return { ...DEFAULTS, ...withoutUndefined(options) };
}

/** As dashboards show addresses. The SDK would add the bucket once more, and objects would get its name for a prefix. */
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
