import { BUSY, CLOCK, DAMAGED, describeNetworkFailure, failedWords } from '../services/errors.js';

/** The shape of the SDK's errors: `RestError`, and those of `@azure/identity`. */
export interface AzureError extends Error {
  readonly statusCode?: number;
  /** `BlobNotFound`: https://learn.microsoft.com/rest/api/storageservices/blob-service-error-codes */
  readonly code?: string;
  readonly details?: Readonly<Record<string, unknown>>;
}

const GONE = ['BlobNotFound', 'ResourceNotFound'];
const UNMET = ['ConditionNotMet', 'BlobAlreadyExists', 'TargetConditionNotMet'];

/** Whether an error says that there is no such blob; a container that is not there is told otherwise. */
export function isAbsence(error: unknown): boolean {
  return error instanceof Error && GONE.includes(codeOf(error));
}

/**
 * Whether an error says that a condition does not hold. Not every 412 does: that of a leased blob is another matter.
 */
export function isUnmet(error: unknown): boolean {
  return error instanceof Error && (UNMET.includes(codeOf(error)) || isAbsence(error));
}

/** Whether a failure may pass when the request is made again. */
export function isPassing(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { statusCode } = error as AzureError;
  if (statusCode !== undefined) return [408, 429, 500, 502, 503, 504].includes(statusCode);
  return error.name === 'RestError' && describeNetworkFailure(error) !== undefined;
}

/** In words, what is wrong and what to do; `undefined` where it is no failure of the service. */
export function describeAzureFailure(error: AzureError, container: string): string | undefined {
  const code = codeOf(error);
  if (code === 'ContainerNotFound' || code === 'ContainerBeingDeleted')
    return `there is no container '${container}'. Check the options container and accountName, or create it`;
  if (isClockFailure(error)) return CLOCK;
  const known = REASONS[code];
  if (known === DENIED) return `${DENIED} (${firstLine(error.message)})`;
  if (known !== undefined) return `${known}${detailOf(error)}`;
  if (/bearer token authentication is not permitted/i.test(error.message)) return INSECURE;
  if (SIGN_IN.includes(error.name)) return `no credentials were found that work. ${CREDENTIALS}`;
  return describeStatus(error);
}

const CREDENTIALS =
  "Log in with 'az login', or set what DefaultAzureCredential looks for (AZURE_CLIENT_ID and the like), or give the option connectionString, accountKey or sasToken";
const KEY =
  'Check the options accountName and accountKey, or connectionString, or sasToken and when it expires';
const DENIED =
  "access is denied. The account in use needs the role 'Storage Blob Data Contributor' for the container, a shared access signature the permissions read, add, create, write, delete and list";
const INSECURE =
  'the account is signed in to by @azure/identity, which takes addresses that begin with https:// only. Change the option endpoint, or give connectionString, accountKey or sasToken';
const LEASED = 'the blob is leased, so that nobody else may change it. End the lease';

const SIGN_IN = [
  'CredentialUnavailableError',
  'ChainedTokenCredentialAuthenticationFailed',
  'AggregateAuthenticationError',
  'AuthenticationRequiredError',
  'AuthenticationError',
];

const REASONS: Readonly<Record<string, string>> = {
  AuthenticationFailed: `the key or signature is not valid there. ${KEY}`,
  InvalidAuthenticationInfo: `the credentials are not valid there. ${KEY}`,
  NoAuthenticationInformation: `no credentials were sent. ${CREDENTIALS}`,
  AuthorizationFailure: DENIED,
  AuthorizationPermissionMismatch: DENIED,
  AuthorizationResourceTypeMismatch: DENIED,
  AuthorizationServiceMismatch: DENIED,
  InsufficientAccountPermissions: DENIED,
  PublicAccessNotPermitted: DENIED,
  KeyBasedAuthenticationNotPermitted:
    'the account does not take keys. Give none: DefaultAzureCredential of @azure/identity signs in',
  AccountIsDisabled: 'the account is disabled. Enable it in the portal',
  Md5Mismatch: DAMAGED,
  InvalidMd5: DAMAGED,
  Crc64Mismatch: DAMAGED,
  ServerBusy: BUSY,
  LeaseIdMissing: LEASED,
  LeaseAlreadyPresent: LEASED,
  BlobImmutableDueToPolicy: 'a policy of the container forbids changing the blob',
  InvalidBlobTier: 'the account has no such tier. Check the option accessTier',
};

function describeStatus({ name, message, statusCode = 0, code }: AzureError): string | undefined {
  const told = `${code ?? name}: ${firstLine(message)}`;
  if (statusCode === 401 || statusCode === 403) return `${DENIED} (${told})`;
  if (statusCode === 429) return BUSY;
  if (statusCode >= 500) return failedWords(`${statusCode} (${code ?? name}), also when it was asked again`);
  return statusCode >= 300 ? `the service answered ${statusCode} (${told})` : undefined;
}

/** Why a key or signature is refused, such as that it has expired, is in a property of its own. */
function detailOf({ details }: AzureError): string {
  const detail = details?.authenticationErrorDetail ?? details?.AuthenticationErrorDetail;
  return typeof detail === 'string' && detail !== '' ? ` (${firstLine(detail)})` : '';
}

/** The service tells a wrong clock as a wrong signature, and the reason beside. */
function isClockFailure({ message, details }: AzureError): boolean {
  const text = `${message} ${details?.authenticationErrorDetail ?? ''} ${details?.AuthenticationErrorDetail ?? ''}`;
  return /request date header too old|not valid in the specified time frame.*signature not valid/i.test(text);
}

function codeOf(error: AzureError): string {
  return String(error.code ?? error.details?.errorCode ?? '');
}

/** Behind it stand the id of the request, and its time. */
function firstLine(message: string): string {
  return message.split('\n')[0]!.replace(/\.$/, '');
}
