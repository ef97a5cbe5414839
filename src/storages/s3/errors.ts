/** The shape of the SDK's errors. `ServiceException` of older versions is another class: classes tell nothing. */
export interface S3Error extends Error {
  readonly Code?: string;
  readonly Region?: string;
  readonly $metadata?: { readonly httpStatusCode?: number; readonly attempts?: number };
  readonly $response?: { readonly headers?: Readonly<Record<string, string>> };
}

/** In words, what is wrong and what to do; `undefined` where it is no failure of the service. */
export function describeS3Failure(error: S3Error, bucket: string): string | undefined {
  const region = regionOf(error);
  if (region !== undefined) return `the bucket is in the region '${region}'. Set the option region to that`;
  const known = REASONS[error.name] ?? REASONS[error.Code ?? ''];
  if (known !== undefined) return known;
  if (error.name === 'NoSuchBucket')
    return `there is no bucket '${bucket}'. Check the options bucket, region and endpoint, or create it`;
  if (error.name === 'CredentialsProviderError')
    return `no credentials were found (${error.message}). ${CREDENTIALS}`;
  if (error.message === 'Region is missing') return REGION_MISSING;
  if (error.message.startsWith('Checksum mismatch')) return DAMAGED;
  return describeStatus(error);
}

const CREDENTIALS =
  "Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, choose a profile (AWS_PROFILE or the option profile) and log in with 'aws sso login' where it is one for that, or give the option credentials";
const REGION_MISSING = 'no region is set. Set the option region, AWS_REGION, or one in the profile';
const KEYS = 'Check the credentials that are in use: the option credentials, the environment, the profile';
const SESSION = 'the session has expired. Log in again, or renew the credentials';
const DENIED =
  'access is denied. The credentials in use need s3:ListBucket for the bucket, and s3:GetObject, s3:PutObject, s3:DeleteObject, and s3:PutObjectAcl where the option acl is given, for its objects';
const DAMAGED =
  'the bytes did not arrive as they were sent, by their checksum. Run again; if it stays, look at the network';
const BUSY =
  'the service asked for fewer requests until the end. Run again later, or with a lower concurrency';
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
  RequestTimeTooSkewed:
    'the clock of this machine differs too much from that of the service. Set the clock, best by NTP',
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
  if (status === 429) return BUSY;
  if (status >= 500)
    return `the service failed with ${status} (${name}), also at attempt ${attempts}. Run again: only what is missing is sent`;
  // Below: an answer that could not be understood.
  return status >= 300 ? `the service answered ${status} (${name}: ${message})` : undefined;
}

/** The region that a bucket is in, where the service says that it is another one. */
function regionOf(error: S3Error): string | undefined {
  const wrong = [301, 307, 400].includes(error.$metadata?.httpStatusCode ?? 0);
  if (!wrong) return undefined;
  if (error.name === 'AuthorizationHeaderMalformed')
    return error.Region ?? /expecting '([\w-]+)'/.exec(error.message)?.[1];
  return REASONS[error.name] === REGION ? error.$response?.headers?.['x-amz-bucket-region'] : undefined;
}
