/** Decoded path, or why there is none. */
export type RequestPath =
  | { readonly path: string }
  | { readonly malformed: true }
  | { readonly impossible: true };

const MALFORMED = { malformed: true } as const;
const IMPOSSIBLE = { impossible: true } as const;

/** Returns the path of a request target: still escaped, without query, and without the host that proxies receive. */
export function targetPath(target: string): string {
  const path = target.startsWith('/') ? target : target.replace(/^https?:\/\/[^/?#]*/i, '');
  const end = path.search(/[?#]/);
  return end === -1 ? path : path.slice(0, end);
}

/**
 * Decodes a path after its base.
 *
 * @returns `malformed` for an invalid escape or invalid UTF-8; `impossible` for a path that no file below a folder can
 *   have, such as one with `..`, an escaped slash or NUL
 */
export function decodePath(escaped: string): RequestPath {
  let path = escaped;
  if (escaped.includes('%')) {
    try {
      path = decodeURIComponent(escaped);
    } catch {
      return MALFORMED;
    }
    if (/%2f/i.test(escaped)) return IMPOSSIBLE;
  }
  // Rejects empty parts (`//`, or a leading `/` that would make the path absolute), `.`, `..`, NUL and backslashes.
  return /(?:^|\/)\.{0,2}\/|(?:^|\/)\.{1,2}$|[\0\\]/.test(path) ? IMPOSSIBLE : { path };
}
