import path from 'node:path';

/** Returns the media type of a file by its extension. See {@link loadMediaTypes}. */
export type MediaTypes = (publicPath: string) => string;

/** Media type of unknown extensions. */
const UNKNOWN = 'application/octet-stream';

/** Types that the table has not, or in a form that browsers refuse. */
const CORRECTIONS: Readonly<Record<string, string>> = {
  '.cjs': 'text/javascript', // https://html.spec.whatwg.org/#scriptingLanguages
  '.flac': 'audio/flac', // https://www.rfc-editor.org/rfc/rfc9639
};

/**
 * Loads the table of media types (https://github.com/jshttp/mime-db), which is the same on every system. The last
 * extension decides. A type has no parameters: `text/css`.
 */
export async function loadMediaTypes(): Promise<MediaTypes> {
  const { lookup } = await import('mime-types').then((module) => module.default);
  const known = new Map(Object.entries(CORRECTIONS));
  return (publicPath) => {
    // lookup() would take the whole name of a file `css` for an extension.
    const extension = path.posix.extname(publicPath).toLowerCase();
    const type = known.get(extension) ?? ((extension !== '' && lookup(extension)) || UNKNOWN);
    known.set(extension, type);
    return type;
  };
}

/** Returns the Content-Type for a media type: text gets `charset=utf-8`. */
export function withCharset(mediaType: string): string {
  return mediaType.startsWith('text/') ? `${mediaType}; charset=utf-8` : mediaType;
}
