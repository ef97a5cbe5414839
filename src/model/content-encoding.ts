/** An encoding of variants (https://www.iana.org/assignments/http-parameters). */
export type CodingName = 'gzip' | 'br' | 'zstd';

/** Ending of a variant's name, after the name of its file. */
export const CODING_EXTENSIONS: Readonly<Record<CodingName, string>> = {
  br: '.br',
  zstd: '.zst',
  gzip: '.gz',
};

const CODINGS = new Map<string, CodingName>(
  Object.entries(CODING_EXTENSIONS).map(([coding, extension]) => [extension, coding as CodingName]),
);

/**
 * Returns the encoding of a variant, by its name; `undefined` if it is not a variant of an encoding.
 *
 * @example
 * codingOfVariant({ publicPath: 'app.css.gz', variantOf: 'app.css' }); // 'gzip'
 */
export function codingOfVariant(variant: {
  readonly publicPath: string;
  readonly variantOf?: string;
}): CodingName | undefined {
  const { publicPath, variantOf } = variant;
  return variantOf === undefined ? undefined : CODINGS.get(publicPath.slice(variantOf.length));
}

/** Encoding of bytes that need no decoding (https://www.rfc-editor.org/rfc/rfc9110#section-12.5.3). */
export const IDENTITY = 'identity';

/** Returns the encoding of an output's bytes; `identity` if they are not encoded. */
export function encodingOf(output: {
  readonly publicPath: string;
  readonly variantOf?: string;
  readonly contentEncoding?: string;
}): string {
  return output.contentEncoding ?? codingOfVariant(output) ?? IDENTITY;
}

/**
 * Returns the path of the file that a path would be a variant of: `app.css` for `app.css.gz`. Other paths are returned
 * as they are.
 */
export function withoutCoding(publicPath: string): string {
  const extension = publicPath.slice(publicPath.lastIndexOf('.'));
  return CODINGS.has(extension) ? publicPath.slice(0, -extension.length) : publicPath;
}
