/** What a request's target comes to: a path, or why it has none. */
export type RequestPath =
  | { readonly path: string }
  | { readonly malformed: true }
  | { readonly impossible: true };

const MALFORMED = { malformed: true } as const;
const IMPOSSIBLE = { impossible: true } as const;

/** The path of a request's target, still escaped: without query, and without the host that a proxy's client writes. */
export function targetPath(target: string): string {
  const path = target.startsWith('/') ? target : target.replace(/^https?:\/\/[^/?#]*/i, '');
  const end = path.search(/[?#]/);
  return end === -1 ? path : path.slice(0, end);
}

/**
 * Decodes what follows the base of a path.
 *
 * @returns `malformed` for an escape that is none, or no UTF-8; `impossible` for what names no file below a folder:
 *   `..`, an escaped slash, NUL
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
  // An empty part is one too many: `//` and a path from the top of the file system.
  return /(?:^|\/)\.{0,2}\/|(?:^|\/)\.{1,2}$|[\0\\]/.test(path) ? IMPOSSIBLE : { path };
}
