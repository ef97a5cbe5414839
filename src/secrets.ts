const HIDDEN = '…';

/** Ends of the names under which credentials are sent: `X-Amz-Signature`, `sig`, `access_token`, `AccountKey`. */
const NAMES =
  '(?:(?:\\b|%3F|%26)sig|signature|credential|[\\w-]token|\\btoken|secret|passw(?:or)?d|\\bpwd|passphrase|assertion|(?:api|account|access|secret|private)[_-]?key(?:[_-]?id)?)';

/** Names of headers that hold credentials, and only those. */
const HEADERS =
  '(?:(?:proxy-|x-[\\w-]*)?authorization|(?:set-)?cookie|x-[\\w-]*(?:token|key|secret|signature)|private-token|api-?key|accesskey)';

/**
 * What libraries and services put into messages: signed addresses, headers, connection strings, keys, tokens. Each form is
 * what is hidden, found by what stands before it.
 */
const FORMS: readonly RegExp[] = [
  // A connection string's signature is a query of its own.
  /(?<=\bSharedAccessSignature(?:=|%3D|\s))[^;\s'"<>]+/gi,
  // name=value, in queries, in connection strings, and in addresses within addresses.
  new RegExp(`(?<=${NAMES}(?:=|%3D))[^&;,\\s'"<>)\\]}]+`, 'gi'),
  // "name": "value", as in JSON and in objects that Node.js prints.
  new RegExp(`(?<=(?:${NAMES}|\\btoken(?=["']))["']?\\s{0,3}:\\s{0,3}")(?:[^"\\\\]|\\\\.)+`, 'gi'),
  new RegExp(`(?<=(?:${NAMES}|\\btoken(?=["']))["']?\\s{0,3}:\\s{0,3}')(?:[^'\\\\]|\\\\.)+`, 'gi'),
  // <Token-0>value</Token-0>, as S3 repeats what it was sent.
  /(?<=<[\w-]*(?:token|secret|signature|accesskey)[\w-]*>)[^<]+/gi,
  new RegExp(`(?<=\\b${HEADERS}["']?\\s{0,3}:\\s{0,3}["']?)(?!\\s)[^"'\\r\\n]+`, 'gi'),
  /(?<=\b(?:Bearer|Basic|Negotiate|SharedKey|SharedKeyLite)\s{1,3})(?=\S*[A-Z0-9+/=._])[\w+/=.:~%-]{8,}/g,
  // https://user:password@host, https://token@host
  /(?<=:\/\/[^\s/?#:@'"]*:)[^\s/?#'"]+(?=@)/g,
  /(?<=\bhttps?:\/\/)[^\s/?#:@'"]+(?=@)/gi,
  /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g,
  // Ids of AWS keys: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-prefixes
  /\b(?:AKIA|ASIA)[A-Z0-9]{12,}\b/g,
  // Tokens of OAuth, of Google, JSON Web Tokens.
  /\bya29\.[\w.-]+|\bAIza[\w-]{30,}|\beyJ[\w-]+\.[\w-]+(?:\.[\w-]*)?/g,
  // 64 bytes in Base64 are a key of Azure's, or the hash of an `integrity`.
  /(?<!sha512-|[\w+/])[\w+/]{86}==/g,
  /(?<=\bsshpass\s+-p\s*)\S+/g,
];

/**
 * A text without credentials: neither those given nor what looks like one.
 *
 * @param secrets what is known to be secret, such as the values of options
 * @example
 * withoutSecrets('GET https://x.blob.core.windows.net/c?sv=2024&sig=abc%3D'); // '…?sv=2024&sig=…'
 */
export function withoutSecrets(text: string, secrets: readonly string[] = []): string {
  const known = secrets.filter((secret) => secret.length > 3).flatMap(spellings);
  const without = known.reduce((rest, secret) => rest.replaceAll(secret, HIDDEN), text);
  return FORMS.reduce((rest, form) => rest.replaceAll(form, HIDDEN), without);
}

/** A secret as it is, in a URL, and in JSON. */
function spellings(secret: string): readonly string[] {
  return [secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1)];
}

/** Properties whose value is a credential, or has one in it. */
const SECRET_NAME =
  /authorization|cookie|passw|passphrase|secret|token|credential|signature|(?:api|account|access|private)[_-]?key/i;

/**
 * What was thrown, without credentials: its message, stack and properties, and all of its causes. Where there is nothing to
 * hide, it is the same object. Where there is, it is a copy of the same class that keeps texts and plain data only:
 * requests, responses and sockets, which SDKs hang on their errors, have every header in them.
 *
 * @param secrets what is known to be secret, such as the values of options
 */
export function errorWithoutSecrets(thrown: unknown, secrets: readonly string[] = []): unknown {
  const copies = new Map<object, unknown>();
  let isSame = true;

  function clean(value: unknown, name: string): unknown {
    const isObject = typeof value === 'object' && value !== null;
    if (!isObject && typeof value !== 'string') return value;
    if (SECRET_NAME.test(name) && value !== '') {
      isSame = false;
      return '…';
    }
    if (typeof value === 'string') {
      const cleaned = withoutSecrets(value, secrets);
      if (cleaned !== value) isSame = false;
      return cleaned;
    }
    if (copies.has(value)) return copies.get(value);
    if (value instanceof Error) return cleanError(value);
    if (Array.isArray(value)) return fill([], value);
    if (isPlain(value)) return fill({}, value);
    isSame = false;
    return undefined;
  }

  function fill(copy: object, original: object): object {
    copies.set(original, copy);
    for (const [name, value] of Object.entries(original)) Object.assign(copy, { [name]: clean(value, name) });
    return copy;
  }

  function cleanError(error: Error): Error {
    const copy: Error = Object.setPrototypeOf(new Error(), Object.getPrototypeOf(error));
    copies.set(error, copy);
    // The first three may be inherited, or computed when they are read.
    for (const name of new Set(['name', 'message', 'stack', ...Object.getOwnPropertyNames(error)])) {
      const { enumerable = false } = Object.getOwnPropertyDescriptor(error, name) ?? {};
      const value = clean((error as unknown as Record<string, unknown>)[name], name);
      Object.defineProperty(copy, name, { value, enumerable, writable: true, configurable: true });
    }
    return copy;
  }

  const cleaned = clean(thrown, '');
  return isSame ? thrown : cleaned;
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
