import { createHmac, hash } from 'node:crypto';
import type { AwsCredentials } from '../../plugins/aws-credentials.js';

// https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html

/** A request, as far as its signature depends on it. */
interface UnsignedRequest {
  readonly method: string;
  /** Escaped as it is sent. */
  readonly path: string;
  /** Escaped, sorted, and without `?`. */
  readonly query: string;
  readonly headers: CanonicalHeaders;
  /** SHA-256 of the body, hexadecimal. */
  readonly bodyHash: string;
}

/** The headers that a signature covers, in the form that is signed. */
export interface CanonicalHeaders {
  /** `content-length;host;x-amz-date` */
  readonly names: string;
  /** One header a line, in the order of the names. */
  readonly lines: string;
}

/** Headers that proxies change, or that HTTP reserves for a connection. The SDK does not sign them. */
const UNSIGNED =
  /^(?:authorization|cache-control|connection|expect|from|keep-alive|max-forwards|pragma|referer|te|trailer|transfer-encoding|upgrade|user-agent|x-amzn-trace-id|proxy-.*|sec-.*)$/;

/**
 * Returns a function that puts headers into canonical form. Only its parameter differs from request to request, so that
 * nothing has to be sorted again.
 *
 * @param lasting headers that are the same in all requests, under lower-case names
 * @param varying the names of the others, in lower case. Their values must be canonical already
 */
export function headerForm(
  lasting: Readonly<Record<string, string>>,
  varying: readonly string[],
): (values: Readonly<Record<string, string>>) => CanonicalHeaders {
  const slots = new Set(varying);
  const sorted = [...new Set([...Object.keys(lasting), ...varying])]
    .filter((name) => !UNSIGNED.test(name))
    .sort();
  const texts = [''];
  for (const name of sorted) {
    texts[texts.length - 1] += `${name}:`;
    if (slots.has(name)) texts.push('\n');
    else texts[texts.length - 1] += `${canonicalValue(lasting[name]!)}\n`;
  }
  const inOrder = sorted.filter((name) => slots.has(name));
  const names = sorted.join(';');
  return (values) => {
    let lines = texts[0]!;
    for (let index = 0; index < inOrder.length; index++) lines += values[inOrder[index]!] + texts[index + 1]!;
    return { names, lines };
  };
}

function canonicalValue(value: string): string {
  return value.replace(/[ \t\r\n]+/g, ' ').replace(/^ | $/g, '');
}

/** Signs the requests of one second with the same keys. */
interface Signer {
  /** The header `x-amz-date` of the requests: `20260131T235959Z`. */
  readonly date: string;
  /** Returns the header `authorization`. */
  sign(request: UnsignedRequest): string;
}

/** Returns the signer for a time, in milliseconds since 1970. */
export type SignerAt = (time: number, credentials: AwsCredentials) => Signer;

/**
 * Returns a function that makes signers. The signing key takes four of the five HMACs of a signature, and is kept as long as
 * it is right: for a day.
 *
 * @example
 * const signerAt = signersFor({ region: 'eu-central-1', service: 's3' });
 * const { date, sign } = signerAt(Date.now(), credentials);
 */
export function signersFor({
  region,
  service,
}: {
  readonly region: string;
  readonly service: string;
}): SignerAt {
  let kept: { readonly day: string; readonly secret: string; readonly key: Buffer } | undefined;
  let last:
    | { readonly second: number; readonly keys: readonly string[]; readonly signer: Signer }
    | undefined;

  function keyOf(day: string, secret: string): Buffer {
    if (kept?.day !== day || kept.secret !== secret) {
      const key = [day, region, service, 'aws4_request'].reduce(hmac, Buffer.from(`AWS4${secret}`));
      kept = { day, secret, key };
    }
    return kept.key;
  }

  return (time, { accessKeyId, secretAccessKey }) => {
    const second = Math.floor(time / 1000);
    if (last?.second === second && last.keys[0] === accessKeyId && last.keys[1] === secretAccessKey)
      return last.signer;
    const date = new Date(second * 1000).toISOString().replace(/[-:]|\.000/g, '');
    const day = date.slice(0, 8);
    const key = keyOf(day, secretAccessKey);
    const scope = `${day}/${region}/${service}/aws4_request`;
    const sign = (request: UnsignedRequest): string => {
      const digest = hash('sha256', canonicalRequest(request), 'hex');
      const signature = hmac(key, `${ALGORITHM}\n${date}\n${scope}\n${digest}`).toString('hex');
      return `${ALGORITHM} Credential=${accessKeyId}/${scope}, SignedHeaders=${request.headers.names}, Signature=${signature}`;
    };
    last = { second, keys: [accessKeyId, secretAccessKey], signer: { date, sign } };
    return last.signer;
  };
}

const ALGORITHM = 'AWS4-HMAC-SHA256';

function canonicalRequest({ method, path, query, headers, bodyHash }: UnsignedRequest): string {
  return `${method}\n${path}\n${query}\n${headers.lines}\n${headers.names}\n${bodyHash}`;
}

function hmac(key: Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}
