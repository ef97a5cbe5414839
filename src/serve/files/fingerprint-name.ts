/** A hash as `fingerprint` puts it into a name: before the last extension, or at the end of a name without one. */
const FINGERPRINT = /\.[\da-f]{8,32}(?=(?:\.[^./]*)?$)/;

/**
 * The path without the hash in its name; `undefined` where there is none.
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
