/** A content coding that variants are made in (https://www.iana.org/assignments/http-parameters). */
export type CodingName = 'gzip' | 'br' | 'zstd';

/** What a variant's name has after that of its file. */
export const CODING_EXTENSIONS: Readonly<Record<CodingName, string>> = {
  br: '.br',
  zstd: '.zst',
  gzip: '.gz',
};

const CODINGS = new Map<string, CodingName>(
  Object.entries(CODING_EXTENSIONS).map(([coding, extension]) => [extension, coding as CodingName]),
);

/**
 * The coding that a variant is in.
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

/** The encoding of what needs no decoding (https://www.rfc-editor.org/rfc/rfc9110#section-12.5.3). */
export const IDENTITY = 'identity';

/** The encoding that an output is served with under its name; `identity` for its bytes as they are. */
export function encodingOf(output: {
  readonly publicPath: string;
  readonly variantOf?: string;
  readonly contentEncoding?: string;
}): string {
  // A variant has a name of its own, so whoever asks for it takes it for what it is.
  return output.contentEncoding ?? codingOfVariant(output) ?? IDENTITY;
}

/** The name of the file that one of this name would be a variant of; the name itself where it cannot be one. */
export function withoutCoding(publicPath: string): string {
  const extension = publicPath.slice(publicPath.lastIndexOf('.'));
  return CODINGS.has(extension) ? publicPath.slice(0, -extension.length) : publicPath;
}
