import path from 'node:path';

/** Looks up media types; {@link loadMediaTypes} makes it. */
export type MediaTypes = (publicPath: string) => string;

/** The media type of what is not known. */
const UNKNOWN = 'application/octet-stream';

/** Where the table of the registered types is not what browsers want, or older than the registration. */
const CORRECTIONS: Readonly<Record<string, string>> = {
  '.cjs': 'text/javascript', // https://html.spec.whatwg.org/#scriptingLanguages
  '.flac': 'audio/flac', // https://www.rfc-editor.org/rfc/rfc9639
};

/**
 * Loads the table of media types (https://github.com/jshttp/mime-db), the same on every system. A type is that of the
 * last extension, without parameters: `text/css`.
 */
export async function loadMediaTypes(): Promise<MediaTypes> {
  const { lookup } = await import('mime-types').then((module) => module.default);
  const known = new Map(Object.entries(CORRECTIONS));
  return (publicPath) => {
    // Given no extension, lookup() would take the whole name of a file called `css` for one.
    const extension = path.posix.extname(publicPath).toLowerCase();
    const type = known.get(extension) ?? ((extension !== '' && lookup(extension)) || UNKNOWN);
    known.set(extension, type);
    return type;
  };
}

/** A media type as the header Content-Type tells it: of text is said that it is UTF-8. */
export function withCharset(mediaType: string): string {
  return mediaType.startsWith('text/') ? `${mediaType}; charset=utf-8` : mediaType;
}
