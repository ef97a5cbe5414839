const HIDDEN = '…';

/** Ends of the names of credentials: `X-Amz-Signature`, `sig`, `access_token`, `AccountKey`. */
const NAMES =
  '(?:(?:\\b|%3F|%26)sig|signature|credential|[\\w-]token|\\btoken|secret|passw(?:or)?d|\\bpwd|passphrase|assertion|(?:api|account|access|secret|private)[_-]?key(?:[_-]?id)?)';

/** Names of headers with credentials. */
const HEADERS =
  '(?:(?:proxy-|x-[\\w-]*)?authorization|(?:set-)?cookie|x-[\\w-]*(?:token|key|secret|signature)|private-token|api-?key|accesskey)';

/**
 * Credentials in the messages of libraries and services: signed addresses, headers, connection strings, keys, tokens. Each
 * expression matches the part to hide, and finds it by the text before it.
 */
const FORMS: readonly RegExp[] = [
  // The signature in a connection string is itself a query.
  /(?<=\bSharedAccessSignature(?:=|%3D|\s))[^;\s'"<>]+/gi,
  // name=value in queries, connection strings, and addresses inside addresses.
  new RegExp(`(?<=${NAMES}(?:=|%3D))[^&;,\\s'"<>)\\]}]+`, 'gi'),
  // "name": "value" in JSON and in objects that Node.js prints.
  new RegExp(`(?<=(?:${NAMES}|\\btoken(?=["']))["']?\\s{0,3}:\\s{0,3}")(?:[^"\\\\]|\\\\.)+`, 'gi'),
  new RegExp(`(?<=(?:${NAMES}|\\btoken(?=["']))["']?\\s{0,3}:\\s{0,3}')(?:[^'\\\\]|\\\\.)+`, 'gi'),
  // <Token-0>value</Token-0>: S3 repeats the request.
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
  // 64 bytes in Base64 are a key of Azure, or the hash of an `integrity`.
  /(?<!sha512-|[\w+/])[\w+/]{86}==/g,
  /(?<=\bsshpass\s+-p\s*)\S+/g,
];

/**
 * Returns a text without credentials: the given ones, and everything that looks like one.
 *
 * @param secrets known credentials, such as the values of options
 * @example
 * withoutSecrets('GET https://x.blob.core.windows.net/c?sv=2024&sig=abc%3D'); // '…?sv=2024&sig=…'
 */
export function withoutSecrets(text: string, secrets: readonly string[] = []): string {
  const known = secrets.filter((secret) => secret.length > 3).flatMap(spellings);
  const without = known.reduce((rest, secret) => rest.replaceAll(secret, HIDDEN), text);
  return FORMS.reduce((rest, form) => rest.replaceAll(form, HIDDEN), without);
}

/** A credential as it is, in a URL, and in JSON. */
function spellings(secret: string): readonly string[] {
  return [secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1)];
}

/** Properties whose value is or contains a credential. */
const SECRET_NAME =
  /authorization|cookie|passw|passphrase|secret|token|credential|signature|(?:api|account|access|private)[_-]?key/i;

/**
 * Returns a thrown value without credentials in its message, stack, properties and causes. It is the same object if there
 * is nothing to hide. Otherwise it is a copy of the same class with texts and plain data only: SDKs attach requests,
 * responses and sockets to their errors, and those contain every header.
 *
 * @param secrets known credentials, such as the values of options
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
    // The first three may be inherited or getters.
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
