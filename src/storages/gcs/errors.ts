import { BUSY, DAMAGED } from '../services/errors.js';
import { READ_DAMAGED } from './client.js';

/** The shape of the client library's errors: `ApiError`, `GaxiosError`, `FetchError`. */
export interface GcsError extends Error {
  readonly code?: number | string;
  readonly status?: number | string;
  readonly errors?: readonly { readonly reason?: string; readonly message?: string }[];
  readonly path?: string;
}

/** Whether an error says that a condition does not hold. */
export function isUnmet(error: unknown): boolean {
  return error instanceof Error && statusOf(error) === 412;
}

/** Whether an error says that there is no such object; a bucket that is not there is told otherwise. */
export function isAbsence(error: unknown): boolean {
  return error instanceof Error && statusOf(error) === 404 && !isBucketAbsence(error);
}

/** In words, what is wrong and what to do; `undefined` where it is no failure of the service. */
export function describeGcsFailure(error: GcsError, bucket: string): string | undefined {
  const status = statusOf(error);
  if (status === 404) return `there is no bucket '${bucket}'. Check the option bucket, or create it`;
  const signIn = describeSignIn(error);
  if (signIn !== undefined) return signIn;
  const reason = `${status}: ${error.errors?.[0]?.message ?? error.message}`;
  if (error.code === READ_DAMAGED) return DAMAGED;
  if (status === 400 && /\b(md5|crc32c)\b/i.test(error.message)) return DAMAGED;
  if (status === 401) return `the credentials are not valid (${reason}). ${CREDENTIALS}`;
  if (status === 403) return `${DENIED} (${reason})`;
  if (status === 429) return BUSY;
  if (status >= 500)
    return `the service failed, also when it was asked again (${reason}). Run again: only what is missing is sent`;
  return status >= 400 ? `the service answered ${reason}` : undefined;
}

const CREDENTIALS =
  "Log in with 'gcloud auth application-default login', set GOOGLE_APPLICATION_CREDENTIALS to a service account's key file, or give the option keyFilename or credentials";
const DENIED =
  'access is denied. The account in use needs the role Storage Object User for the bucket (storage.objects.list, get, create, update and delete)';
const CLOCK =
  'the clock of this machine differs too much from that of the service, or the key is no longer valid. Set the clock, best by NTP, and check the key';

function describeSignIn({ message, code, path }: GcsError): string | undefined {
  if (/could not load the default credentials/i.test(message))
    return `no credentials were found. ${CREDENTIALS}`;
  if (/unable to detect a project id/i.test(message)) return `no project is known. Set the option projectId`;
  if (/invalid_grant|invalid jwt|reauth/i.test(message)) {
    return /iat|exp|time/i.test(message) ? CLOCK : `signing in was refused (${message}). ${CREDENTIALS}`;
  }
  if (/DECODER routines|PEM routines|asn1/i.test(message))
    return `the private key cannot be read. Give it as it stands in the key file, with its line ends`;
  return code === 'ENOENT' && path !== undefined
    ? `there is no key file '${path}'. Check keyFilename and GOOGLE_APPLICATION_CREDENTIALS`
    : undefined;
}

function statusOf({ code, status }: GcsError): number {
  return Number(code) || Number(status) || 0;
}

function isBucketAbsence(error: Error): boolean {
  return statusOf(error) === 404 && /bucket does not exist/i.test(error.message);
}
