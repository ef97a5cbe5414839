import { CLOCK, DAMAGED, describeAnswer } from '../services/errors.js';
import { READ_DAMAGED } from './client.js';

/** The shape of the client library's errors: `ApiError`, `GaxiosError`, `FetchError`. */
export interface GcsError extends Error {
  readonly code?: number | string;
  readonly status?: number | string;
  readonly errors?: readonly { readonly reason?: string; readonly message?: string }[];
  readonly path?: string;
}

/** Whether an error says that a condition is not met. */
export function isUnmet(error: unknown): boolean {
  return error instanceof Error && statusOf(error) === 412;
}

/** Whether an error says that there is no such object. For a missing bucket the answer is no. */
export function isAbsence(error: unknown): boolean {
  return error instanceof Error && statusOf(error) === 404 && !isBucketAbsence(error);
}

/** Returns what is wrong and what to do. `undefined` if it is not a failure of the service. */
export function describeGcsFailure(error: GcsError, bucket: string): string | undefined {
  const status = statusOf(error);
  if (status === 404) return `the bucket '${bucket}' does not exist. Check the option bucket, or create it`;
  const signIn = describeSignIn(error);
  if (signIn !== undefined) return signIn;
  if (error.code === READ_DAMAGED) return DAMAGED;
  if (status === 400 && /\b(md5|crc32c)\b/i.test(error.message)) return DAMAGED;
  const { message = error.message } = error.errors?.[0] ?? {};
  if (status === 401) return `the credentials are invalid (${message}). ${CREDENTIALS}`;
  return describeAnswer({ status, message, denied: DENIED });
}

const CREDENTIALS =
  "Log in with 'gcloud auth application-default login', set GOOGLE_APPLICATION_CREDENTIALS to a service account's key file, or set the option keyFilename or credentials";
const DENIED =
  'access is denied. The account in use needs the role Storage Object User for the bucket (storage.objects.list, get, create, update and delete)';
function describeSignIn({ message, code, path }: GcsError): string | undefined {
  if (/could not load the default credentials/i.test(message))
    return `no credentials were found. ${CREDENTIALS}`;
  if (/unable to detect a project id/i.test(message)) return `no project is known. Set the option projectId`;
  if (/invalid_grant|invalid jwt|reauth/i.test(message)) {
    return /iat|exp|time/i.test(message)
      ? `${CLOCK}. If the clock is right, the key may no longer be valid: create a new one`
      : `signing in was refused (${message}). ${CREDENTIALS}`;
  }
  if (/DECODER routines|PEM routines|asn1/i.test(message))
    return `the private key cannot be read. Copy it from the key file as it is, with its line breaks`;
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
