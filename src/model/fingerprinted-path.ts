import { extensionStart } from '../text/extension-start.js';
import { joined } from '../text/string-builder.js';
import { MAX_NAME_BYTES, posixDirname } from './public-path.js';

/**
 * Returns the path with a hash before the last extension of its name. Leading dots do not start an extension.
 *
 * @example
 * fingerprintedPath('css/a.min.css', '27e20196a850'); // 'css/a.min.27e20196a850.css'
 * fingerprintedPath('.htaccess', '27e20196a850'); // '.htaccess.27e20196a850'
 */
export function fingerprintedPath(logicalPath: string, hash: string): string {
  const dir = posixDirname(logicalPath);
  const nameStart = dir === '' ? 0 : dir.length + 1;
  const at = nameStart + extensionStart(logicalPath.slice(nameStart));
  return joined(logicalPath.slice(0, at), '.', hash, logicalPath.slice(at));
}

/** Whether a file's name would be too long with a hash of that many digits. */
export function isTooLong(logicalPath: string, hashLength: number): boolean {
  const nameStart = logicalPath.lastIndexOf('/') + 1;
  const added = hashLength + 1;
  // A UTF-16 unit takes three bytes at most, so few names have to be encoded to know their length.
  if ((logicalPath.length - nameStart) * 3 + added <= MAX_NAME_BYTES) return false;
  return Buffer.byteLength(logicalPath.slice(nameStart)) + added > MAX_NAME_BYTES;
}

/** A fingerprint in a name: before the last extension, or at the end of a name without one. */
const FINGERPRINT = /\.[\da-f]{8,32}(?=(?:\.[^./]*)?$)/;

/**
 * Returns the path without the hash in its name; `undefined` if there is none.
 *
 * @example
 * withoutFingerprint('css/a.min.27e20196a850.css'); // 'css/a.min.css'
 */
export function withoutFingerprint(publicPath: string): string | undefined {
  const name = publicPath.slice(publicPath.lastIndexOf('/') + 1);
  const match = FINGERPRINT.exec(name);
  if (match === null) return undefined;
  return (
    publicPath.slice(0, -name.length) + name.slice(0, match.index) + name.slice(match.index + match[0].length)
  );
}
