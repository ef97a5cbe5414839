import { systemErrorCode } from '../../errors.js';

const RESOLVE = 'its name cannot be resolved. Check the network, and the address where the settings give one';

const REACH = 'it cannot be reached. Check the network, and whether a proxy or firewall is in the way';

const CUT = 'the connection was cut, also when it was tried again. Run again: only what is missing is sent';

const SLOW = 'it did not answer in time, also when it was tried again. Check the network, and run again';

const TRUST =
  'its certificate is not trusted. Check the address, and NODE_EXTRA_CA_CERTS where it is your own';

/** By the codes of Node.js (https://nodejs.org/api/errors.html#common-system-errors) and of the services' libraries. */
const FAILURES: Readonly<Record<string, string>> = {
  ENOTFOUND: RESOLVE,
  EAI_AGAIN: RESOLVE,
  ECONNREFUSED: 'nothing listens at its address. Check the address, and whether the service runs',
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

/** In words, what is wrong between here and a service, and what to do; `undefined` where it is something else. */
export function describeNetworkFailure(error: unknown): string | undefined {
  for (let at: unknown = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth++) {
    const words = FAILURES[systemErrorCode(at) ?? ''] ?? (at.name === 'TimeoutError' ? SLOW : undefined);
    if (words !== undefined) return words;
    // Where a name has several addresses, and none of them answers.
    if (at instanceof AggregateError && at.errors.length > 0) return describeNetworkFailure(at.errors[0]);
  }
  return undefined;
}

/** What services have in common: what is wrong, and what to do. No full stop at the end. */
export const DAMAGED =
  'the bytes did not arrive as they were sent, by their checksum. Run again; if it stays, look at the network';

export const BUSY =
  'the service asked for fewer requests until the end. Run again later, or with a lower concurrency';

export const CLOCK =
  'the clock of this machine differs too much from that of the service. Set the clock, best by NTP';

/** @param said how often it was tried, and what the service said: `503 (SlowDown), also at attempt 8` */
export function failedWords(said: string): string {
  return `the service failed with ${said}. Run again: only what is missing is sent`;
}

/** Thrown if a service lacks something that a store needs. Its message has no full stop: it is the reason within a sentence. */
export class ServiceLack extends Error {
  override readonly name = 'ServiceLack';
}

/**
 * What was thrown, as an error. Of a large object that is refused, the client library of GCS throws the answer's body,
 * which has a message and a code, and no stack; and p-retry takes only errors.
 */
export function asError(thrown: unknown): Error {
  if (thrown instanceof Error) return thrown;
  if (typeof thrown !== 'object' || thrown === null) return new Error(String(thrown));
  const { message = 'The service gave no reason.' } = thrown as { readonly message?: unknown };
  return Object.assign(new Error(String(message)), thrown);
}
