import { BUSY, CLOCK, DAMAGED, describeAnswer, describeNetworkFailure } from '../services/errors.js';
import { isPassingStatus } from '../services/retry.js';

/** The shape of the SDK's errors: `RestError`, and those of `@azure/identity`. */
export interface AzureError extends Error {
  readonly statusCode?: number;
  /** `BlobNotFound`: https://learn.microsoft.com/rest/api/storageservices/blob-service-error-codes */
  readonly code?: string;
  readonly details?: Readonly<Record<string, unknown>>;
}

const GONE = ['BlobNotFound', 'ResourceNotFound'];
const UNMET = ['ConditionNotMet', 'BlobAlreadyExists', 'TargetConditionNotMet'];

/** Whether an error says that there is no such blob. For a missing container the answer is no. */
export function isAbsence(error: unknown): boolean {
  return error instanceof Error && GONE.includes(codeOf(error));
}

/** Whether an error says that a condition is not met. Not every 412 does: a leased blob has the same status. */
export function isUnmet(error: unknown): boolean {
  return error instanceof Error && (UNMET.includes(codeOf(error)) || isAbsence(error));
}

/** Whether a failure may be temporary. */
export function isPassing(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { statusCode } = error as AzureError;
  if (statusCode !== undefined) return isPassingStatus(statusCode);
  return error.name === 'RestError' && describeNetworkFailure(error) !== undefined;
}

/** Returns what is wrong and what to do. `undefined` if it is not a failure of the service. */
export function describeAzureFailure(error: AzureError, container: string): string | undefined {
  const code = codeOf(error);
  if (code === 'ContainerNotFound' || code === 'ContainerBeingDeleted')
    return `the container '${container}' does not exist. Check the options container and accountName, or create it`;
  if (isClockFailure(error)) return CLOCK;
  const known = REASONS[code];
  if (known === DENIED) return `${DENIED} (${firstLine(error.message)})`;
  if (known !== undefined) return `${known}${detailOf(error)}`;
  if (/bearer token authentication is not permitted/i.test(error.message)) return INSECURE;
  if (SIGN_IN.includes(error.name)) return `no working credentials were found. ${CREDENTIALS}`;
  const { name, message, statusCode: status = 0 } = error;
  return describeAnswer({ status, name: error.code ?? name, message: firstLine(message), denied: DENIED });
}

const CREDENTIALS =
  "Log in with 'az login', set the variables that DefaultAzureCredential reads (such as AZURE_CLIENT_ID), or set the option connectionString, accountKey or sasToken";
const KEY = 'Check the options accountName and accountKey, or connectionString, or sasToken and its expiry';
const DENIED =
  "access is denied. The account in use needs the role 'Storage Blob Data Contributor' for the container; a shared access signature needs the permissions read, add, create, write, delete and list";
const INSECURE =
  '@azure/identity signs in only at addresses that begin with https://. Change the option endpoint, or set connectionString, accountKey or sasToken';
const LEASED = 'the blob is leased, so nobody else can change it. End the lease';

const SIGN_IN = [
  'CredentialUnavailableError',
  'ChainedTokenCredentialAuthenticationFailed',
  'AggregateAuthenticationError',
  'AuthenticationRequiredError',
  'AuthenticationError',
];

const REASONS: Readonly<Record<string, string>> = {
  AuthenticationFailed: `the key or signature is invalid. ${KEY}`,
  InvalidAuthenticationInfo: `the credentials are invalid. ${KEY}`,
  NoAuthenticationInformation: `no credentials were sent. ${CREDENTIALS}`,
  AuthorizationFailure: DENIED,
  AuthorizationPermissionMismatch: DENIED,
  AuthorizationResourceTypeMismatch: DENIED,
  AuthorizationServiceMismatch: DENIED,
  InsufficientAccountPermissions: DENIED,
  PublicAccessNotPermitted: DENIED,
  KeyBasedAuthenticationNotPermitted:
    'the account does not allow keys. Leave the key out, so that DefaultAzureCredential of @azure/identity signs in',
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

/** The reason why a key or signature is refused, for example that it has expired, is in a property of its own. */
function detailOf({ details }: AzureError): string {
  const detail = details?.authenticationErrorDetail ?? details?.AuthenticationErrorDetail;
  return typeof detail === 'string' && detail !== '' ? ` (${firstLine(detail)})` : '';
}

/** The service reports a wrong clock as a wrong signature, with the reason beside it. */
function isClockFailure({ message, details }: AzureError): boolean {
  const text = `${message} ${details?.authenticationErrorDetail ?? ''} ${details?.AuthenticationErrorDetail ?? ''}`;
  return /request date header too old|not valid in the specified time frame.*signature not valid/i.test(text);
}

function codeOf(error: AzureError): string {
  return String(error.code ?? error.details?.errorCode ?? '');
}

/** The lines after it have the id of the request and the time. */
function firstLine(message: string): string {
  return message.split('\n')[0]!.replace(/\.$/, '');
}
