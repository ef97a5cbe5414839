import { BUSY, CLOCK, DAMAGED, describeNetworkFailure, failedWords } from '../services/errors.js';
import type { S3Options } from './options.js';

/** The shape of the SDK's errors. `ServiceException` of older versions is another class: classes tell nothing. */
export interface S3Error extends Error {
  readonly Code?: string;
  readonly Region?: string;
  readonly $metadata?: { readonly httpStatusCode?: number; readonly attempts?: number };
  readonly $response?: { readonly headers?: Readonly<Record<string, string>> };
}

/** Whether an error says that there is no such object; a bucket that is not there is another matter. */
export function isAbsence(error: unknown): boolean {
  const { name, $metadata } = error as S3Error;
  return name === 'NoSuchKey' || ($metadata?.httpStatusCode === 404 && name !== 'NoSuchBucket');
}

/**
 * Whether an error says that a condition does not hold: 412; 409 if another write was under way at the same time; 404 if
 * the object whose version was asked for is gone.
 */
export function isUnmet(error: unknown): boolean {
  const { name, $metadata } = error as S3Error;
  return $metadata?.httpStatusCode === 412 || name === 'ConditionalRequestConflict' || isAbsence(error);
}

/** Whether a service may have refused a call since it does not have it, or not in the form of the SDK. */
export function isMissingCall(error: unknown): boolean {
  const { name, $metadata } = error as S3Error;
  const { httpStatusCode: status = 0 } = $metadata ?? {};
  return [400, 405, 411, 415, 501].includes(status) || (status === 404 && !/^NoSuch/.test(name));
}

/** In words, what is wrong and what to do; `undefined` where it is no failure of the service. */
export function describeS3Failure(error: S3Error, options: S3Options): string | undefined {
  const region = regionOf(error);
  if (region !== undefined) return `the bucket is in the region '${region}'. Set the option region to that`;
  const lack = lackOf(error, options);
  if (lack !== undefined) return lack;
  const known = REASONS[error.name] ?? REASONS[error.Code ?? ''];
  if (known === DENIED) return `${DENIED}${said(error)}`;
  if (known !== undefined) return known;
  if (error.name === 'NoSuchBucket')
    return `there is no bucket '${options.bucket}'. Check the options bucket, region and endpoint, or create it${pathHint(options)}`;
  if (error.name === 'CredentialsProviderError')
    return `no credentials were found (${error.message}). ${CREDENTIALS}`;
  if (error.message === 'Region is missing') return REGION_MISSING;
  if (error.message.startsWith('Checksum mismatch')) return DAMAGED;
  return describeStatus(error) ?? describeAddress(error, options);
}

const CREDENTIALS =
  "Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, choose a profile (AWS_PROFILE or the option profile) and log in with 'aws sso login' where it is one for that, or give the option credentials";
const REGION_MISSING = 'no region is set. Set the option region, AWS_REGION, or one in the profile';
const KEYS = 'Check the credentials that are in use: the option credentials, the environment, the profile';
const SESSION = 'the session has expired. Log in again, or renew the credentials';
const DENIED =
  'access is denied. The credentials in use need s3:ListBucket for the bucket, and s3:GetObject, s3:PutObject, s3:DeleteObject, and s3:PutObjectAcl where the option acl is given, for its objects';
const PROXY =
  'the proxy in between asks for a name and a password. Put them into HTTPS_PROXY: http://name:password@proxy:3128';
const REGION = 'the bucket is in another region. Set the option region to that of the bucket';

/** By the names of errors: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html */
const REASONS: Readonly<Record<string, string>> = {
  AccessDenied: DENIED,
  AllAccessDisabled: DENIED,
  Forbidden: DENIED,
  InvalidAccessKeyId: `the access key is not known there. ${KEYS}`,
  SignatureDoesNotMatch: `the secret key does not fit the access key. ${KEYS}`,
  ExpiredToken: SESSION,
  ExpiredTokenException: SESSION,
  TokenRefreshRequired: SESSION,
  InvalidToken: `the session token is not valid. ${KEYS}`,
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
    'the bucket does not take ACLs. Leave out the option acl, and use a bucket policy for public access',
  InvalidStorageClass: 'the service has no such storage class. Check the option storageClass',
  InvalidBucketName: 'that is not a name that a bucket can have. Check the option bucket',
  KeyTooLongError:
    'the key is longer than 1,024 bytes, which S3 does not take. Shorten the name or the prefix',
};

function describeStatus({ name, message, $metadata }: S3Error): string | undefined {
  const { httpStatusCode: status = 0, attempts = 1 } = $metadata ?? {};
  if (status === 401 || status === 403) return `${DENIED} (${name}: ${message})`;
  if (status === 407) return PROXY;
  if (status === 429) return BUSY;
  if (status >= 500) return failedWords(`${status} (${name}), also at attempt ${attempts}`);
  // Below: an answer that could not be understood.
  return status >= 300 ? `the service answered ${status} (${name}: ${message})` : undefined;
}

/** The service's own sentence, which may name a rule of the bucket's. */
function said({ message }: S3Error): string {
  return message === '' || message === 'UnknownError' ? '' : ` (${message.replace(/\.$/, '')})`;
}

const CHECKSUMS =
  "set the options `requestChecksumCalculation` and `responseChecksumValidation` to 'WHEN_REQUIRED'";

/** In words, that a service does not know something that it was sent: mostly the SDK's checksums, which every request has. */
function lackOf(error: S3Error, options: S3Options): string | undefined {
  const status = statusOf(error);
  const isRefusal = status === 501 || (status === 400 && /^Invalid(?:Argument|Request)$/.test(error.name));
  if (!isRefusal) return undefined;
  const reason = `${status} (${error.name}: ${error.message.replace(/\.$/, '')})`;
  if (options.requestChecksumCalculation === 'WHEN_REQUIRED') return `the service answered ${reason}`;
  return namesChecksums(error)
    ? `the service does not take the SDK's checksums: it answered ${reason}. For such a service, ${CHECKSUMS}`
    : `the service answered ${reason}. If it is the SDK's checksums that it does not take, ${CHECKSUMS}`;
}

/** Whether a service says that it does not know conditions, in one of the ways that are seen of such. */
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

/** The message, and what stands beside it: the name of a header. */
function texts(error: S3Error): string {
  return [error.message, ...Object.values(error).filter((value) => typeof value === 'string')].join(' ');
}

function statusOf({ $metadata }: S3Error): number {
  return $metadata?.httpStatusCode ?? 0;
}

/** Services on one's own machine mostly want the bucket in the path. */
function pathHint({ bucket, endpoint, forcePathStyle }: S3Options): string {
  if (endpoint === undefined || forcePathStyle === true) return '';
  return `. The bucket is in the host's name now ('${bucket}.${new URL(endpoint).host}'): if the service wants it in the path, set forcePathStyle: true`;
}

function describeAddress(error: S3Error, options: S3Options): string | undefined {
  const words = describeNetworkFailure(error);
  return words && /ENOTFOUND|EAI_AGAIN|ALTNAME/.test(String((error as { code?: string }).code))
    ? `${words}${pathHint(options)}`
    : words;
}

/** The region that a bucket is in, where the service says that it is another one. */
function regionOf(error: S3Error): string | undefined {
  const wrong = [301, 307, 400].includes(error.$metadata?.httpStatusCode ?? 0);
  if (!wrong) return undefined;
  if (error.name === 'AuthorizationHeaderMalformed')
    return error.Region ?? /expecting '([\w-]+)'/.exec(error.message)?.[1];
  return REASONS[error.name] === REGION ? error.$response?.headers?.['x-amz-bucket-region'] : undefined;
}
