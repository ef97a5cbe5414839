import { withoutSecrets } from './secrets.js';

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
