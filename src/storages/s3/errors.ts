import { BUSY, CLOCK, DAMAGED, describeAnswer, describeNetworkFailure } from '../services/errors.js';
import type { S3Options } from './options.js';

/** The shape of the SDK's errors. Their classes differ between versions of the SDK, so `instanceof` would not do. */
export interface S3Error extends Error {
  readonly Code?: string;
  readonly Region?: string;
  readonly $metadata?: { readonly httpStatusCode?: number; readonly attempts?: number };
  readonly $response?: { readonly headers?: Readonly<Record<string, string>> };
}

/** Whether an error says that there is no such object. For a missing bucket the answer is no. */
export function isAbsence(error: unknown): boolean {
  const { name, $metadata } = error as S3Error;
  return name === 'NoSuchKey' || ($metadata?.httpStatusCode === 404 && name !== 'NoSuchBucket');
}

/**
 * Whether an error says that a condition is not met: 412, or 409 if another write was under way at the same time, or 404 if
 * the object is gone.
 */
export function isUnmet(error: unknown): boolean {
  const { name, $metadata } = error as S3Error;
  return $metadata?.httpStatusCode === 412 || name === 'ConditionalRequestConflict' || isAbsence(error);
}

/** Whether a service may have refused a call because it does not support it, or not in the SDK's form. */
export function isMissingCall(error: unknown): boolean {
  const { name, $metadata } = error as S3Error;
  const { httpStatusCode: status = 0 } = $metadata ?? {};
  return [400, 405, 411, 415, 501].includes(status) || (status === 404 && !/^NoSuch/.test(name));
}

/** Returns what is wrong and what to do. `undefined` if it is not a failure of the service. */
export function describeS3Failure(error: S3Error, options: S3Options): string | undefined {
  const region = regionOf(error);
  if (region !== undefined) return `the bucket is in the region '${region}'. Set the option region to that`;
  const lack = lackOf(error, options);
  if (lack !== undefined) return lack;
  const known = REASONS[error.name] ?? REASONS[error.Code ?? ''];
  if (known === DENIED) return `${DENIED}${said(error)}`;
  if (known !== undefined) return known;
  if (error.name === 'NoSuchBucket')
    return `the bucket '${options.bucket}' does not exist. Check the options bucket, region and endpoint, or create it${pathHint(options)}`;
  if (error.name === 'CredentialsProviderError')
    return `no credentials were found (${error.message}). ${CREDENTIALS}`;
  if (error.message === 'Region is missing') return REGION_MISSING;
  if (error.message.startsWith('Checksum mismatch')) return DAMAGED;
  const { name, message } = error;
  const status = statusOf(error);
  if (status === 407) return PROXY;
  return describeAnswer({ status, name, message, denied: DENIED }) ?? describeAddress(error, options);
}

const CREDENTIALS =
  "Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, choose a profile (AWS_PROFILE or the option profile; for SSO, log in with 'aws sso login'), or set the option credentials";
const REGION_MISSING = 'no region is set. Set the option region, AWS_REGION, or one in the profile';
const KEYS = 'Check the credentials in use: the option credentials, the environment, the profile';
const SESSION = 'the session has expired. Log in again, or renew the credentials';
const DENIED =
  'access is denied. The credentials in use need s3:ListBucket for the bucket, and s3:GetObject, s3:PutObject, s3:DeleteObject (with the option acl also s3:PutObjectAcl) for its objects';
const PROXY =
  'the proxy asks for a name and a password. Put them into HTTPS_PROXY: http://name:password@proxy:3128';
const REGION = 'the bucket is in another region. Set the option region to it';

/** By the names of errors: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html */
const REASONS: Readonly<Record<string, string>> = {
  AccessDenied: DENIED,
  AllAccessDisabled: DENIED,
  Forbidden: DENIED,
  InvalidAccessKeyId: `the access key is unknown. ${KEYS}`,
  SignatureDoesNotMatch: `the secret key does not match the access key. ${KEYS}`,
  ExpiredToken: SESSION,
  ExpiredTokenException: SESSION,
  TokenRefreshRequired: SESSION,
  InvalidToken: `the session token is invalid. ${KEYS}`,
  RequestTimeTooSkewed: CLOCK,
  PermanentRedirect: REGION,
  TemporaryRedirect: REGION,
  IllegalLocationConstraintException: REGION,
  BadDigest: DAMAGED,
  InvalidDigest: DAMAGED,
  XAmzContentSHA256Mismatch: DAMAGED,
  XAmzContentChecksumMismatch: DAMAGED,
  IncompleteBody: DAMAGED,
  SlowDown: BUSY,
  TooManyRequests: BUSY,
  Throttling: BUSY,
  ThrottlingException: BUSY,
  AccessControlListNotSupported:
    'the bucket does not allow ACLs. Leave out the option acl, and use a bucket policy for public access',
  InvalidStorageClass: 'the service has no such storage class. Check the option storageClass',
  InvalidBucketName: 'the bucket name is invalid. Check the option bucket',
  KeyTooLongError: 'the key is longer than the 1,024 bytes that S3 allows. Shorten the name or the prefix',
};

/** The service's own sentence, which may name a rule of the bucket. */
function said({ message }: S3Error): string {
  return message === '' || message === 'UnknownError' ? '' : ` (${message.replace(/\.$/, '')})`;
}

const CHECKSUMS =
  "the options `requestChecksumCalculation` and `responseChecksumValidation` to 'WHEN_REQUIRED'";

/** Returns the reason if a service does not support something in a request: mostly the SDK's checksums, which all have. */
function lackOf(error: S3Error, options: S3Options): string | undefined {
  const status = statusOf(error);
  const isRefusal = status === 501 || (status === 400 && /^Invalid(?:Argument|Request)$/.test(error.name));
  if (!isRefusal) return undefined;
  const reason = `${status} (${error.name}: ${error.message.replace(/\.$/, '')})`;
  if (options.requestChecksumCalculation === 'WHEN_REQUIRED') return `the service answered ${reason}`;
  return namesChecksums(error)
    ? `the service does not support the SDK's checksums: it answered ${reason}. Set ${CHECKSUMS}`
    : `the service answered ${reason}. If it does not support the SDK's checksums, set ${CHECKSUMS}`;
}

/** Whether a service says that it does not support conditions, in one of the ways that were seen. */
export function refusesConditions(error: unknown): boolean {
  const status = statusOf(error as S3Error);
  if (namesChecksums(error as S3Error)) return false;
  return (
    status === 501 || (status === 400 && /\bif-(?:none-)?match\b|condition/i.test(texts(error as S3Error)))
  );
}

function namesChecksums(error: S3Error): boolean {
  return /checksum|x-amz-trailer|aws-chunked|crc(?:32|64)/i.test(texts(error));
}

/** The message and all other texts of an error. One of them may be the name of a header. */
function texts(error: S3Error): string {
  return [error.message, ...Object.values(error).filter((value) => typeof value === 'string')].join(' ');
}

function statusOf({ $metadata }: S3Error): number {
  return $metadata?.httpStatusCode ?? 0;
}

/** Most services that run locally expect the bucket in the path. */
function pathHint({ bucket, endpoint, forcePathStyle }: S3Options): string {
  if (endpoint === undefined || forcePathStyle === true) return '';
  return `. The request went to '${bucket}.${new URL(endpoint).host}'. If the service expects the bucket in the path, set forcePathStyle: true`;
}

function describeAddress(error: S3Error, options: S3Options): string | undefined {
  const words = describeNetworkFailure(error);
  return words && /ENOTFOUND|EAI_AGAIN|ALTNAME/.test(String((error as { code?: string }).code))
    ? `${words}${pathHint(options)}`
    : words;
}

/** Returns the bucket's region if the service says that the request went to another one. */
function regionOf(error: S3Error): string | undefined {
  const wrong = [301, 307, 400].includes(error.$metadata?.httpStatusCode ?? 0);
  if (!wrong) return undefined;
  if (error.name === 'AuthorizationHeaderMalformed')
    return error.Region ?? /expecting '([\w-]+)'/.exec(error.message)?.[1];
  return REASONS[error.name] === REGION ? error.$response?.headers?.['x-amz-bucket-region'] : undefined;
}
