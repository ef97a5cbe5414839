import { systemErrorCode } from '../../errors.js';

// Reasons are the second half of "Cannot read 's3://site/a.css': …." So they have no full stop at their end.

const RESOLVE =
  'the host name cannot be resolved. Check the network, and the address in the settings if there is one';

const REACH =
  'the service cannot be reached. Check the network, and whether a proxy or firewall is in the way';

const CUT = 'the connection was cut on every attempt. Run again: only missing files are sent';

const SLOW = 'the service did not answer in time on any attempt. Check the network, and run again';

const TRUST =
  'its certificate is not trusted. Check the address, and set NODE_EXTRA_CA_CERTS if the certificate is your own';

/** By the codes of Node.js (https://nodejs.org/api/errors.html#common-system-errors) and of the services' libraries. */
const FAILURES: Readonly<Record<string, string>> = {
  ENOTFOUND: RESOLVE,
  EAI_AGAIN: RESOLVE,
  ECONNREFUSED: 'nothing listens at that address. Check the address, and whether the service is running',
  EHOSTUNREACH: REACH,
  ENETUNREACH: REACH,
  ECONNRESET: CUT,
  EPIPE: CUT,
  ERR_STREAM_PREMATURE_CLOSE: CUT,
  REQUEST_SEND_ERROR: CUT,
  ETIMEDOUT: SLOW,
  ESOCKETTIMEDOUT: SLOW,
  CERT_HAS_EXPIRED: TRUST,
  DEPTH_ZERO_SELF_SIGNED_CERT: TRUST,
  SELF_SIGNED_CERT_IN_CHAIN: TRUST,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: TRUST,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: TRUST,
  ERR_TLS_CERT_ALTNAME_INVALID: TRUST,
};

/** Returns what is wrong with the network and what to do, or `undefined` for any other failure. */
export function describeNetworkFailure(error: unknown): string | undefined {
  for (let at: unknown = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth++) {
    const words = FAILURES[systemErrorCode(at) ?? ''] ?? (isTimeout(at) ? SLOW : undefined);
    if (words !== undefined) return words;
    // A host with several addresses, none of which answers.
    if (at instanceof AggregateError && at.errors.length > 0) return describeNetworkFailure(at.errors[0]);
  }
  return undefined;
}

/** By the name that the AWS SDK and Node.js give to timeouts, or by node-fetch's message, which GCS's library passes on. */
function isTimeout({ name, message }: Error): boolean {
  return name === 'TimeoutError' || /^network timeout at:/.test(message);
}

export const DAMAGED =
  'the bytes were damaged on the way, as their checksum shows. Run again. If it happens again, check the network';

export const BUSY =
  'the service asked for fewer requests on every attempt. Run again later, or with a lower concurrency';

export const CLOCK =
  'the clock of this machine differs too much from the clock of the service. Set it, for example with NTP';

/** An answer with an HTTP status that nothing more is known of. */
export interface FailedAnswer {
  readonly status: number;
  /** The service's name for the failure, if it has one: `SlowDown`. */
  readonly name?: string;
  readonly message: string;
  /** The reason for 401 and 403, with the rights that are needed. */
  readonly denied: string;
}

/** Returns what is wrong and what to do, by the status of an answer. `undefined` if the answer was a success. */
export function describeAnswer({ status, name, message, denied }: FailedAnswer): string | undefined {
  const said = name === undefined ? message : `${name}: ${message}`;
  if (status === 401 || status === 403) return `${denied} (${said})`;
  if (status === 429) return BUSY;
  if (status >= 500) {
    const brief = name ?? message;
    const failed = `the service failed with ${status}${brief && ` (${brief})`} on every attempt`;
    return `${failed}. Run again: only missing files are sent`;
  }
  return status >= 300 ? `the service answered ${status} (${said})` : undefined;
}

/** Thrown if a service lacks something that a store needs. Its message is a reason. */
export class ServiceLack extends Error {
  override readonly name = 'ServiceLack';
}

/**
 * Returns what was thrown as an error. If a large object is refused, GCS's client library throws the body of the answer,
 * which has a message and a code but no stack, and p-retry accepts only errors.
 */
export function asError(thrown: unknown): Error {
  if (thrown instanceof Error) return thrown;
  if (typeof thrown !== 'object' || thrown === null) return new Error(String(thrown));
  const { message = 'The service gave no reason.' } = thrown as { readonly message?: unknown };
  return Object.assign(new Error(String(message)), thrown);
}
