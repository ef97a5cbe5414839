import { hash } from 'node:crypto';
import { startTimeSlice } from '../concurrency/time-slice.js';
import { StaticFilesError } from '../errors.js';
import { bodyPieces, inItsState, nameSourceErrors, nameSourceErrorsOf, readBody } from './body.js';
import { IDENTITY } from './content-encoding.js';
import { type DecodedInfo, decodedInfo } from './decode.js';
import { type ContentInfo, type Output, storedFacts } from './output.js';

/** That of the integrity of files, as `node:crypto` calls it. */
export const INTEGRITY_ALGORITHM = 'sha384';

/** The hash in an integrity, `sha384-…`, hexadecimal; `undefined` where it is another algorithm's. */
export function integrityHash(integrity: string): string | undefined {
  const [algorithm, base64] = integrity.split('-', 2);
  return algorithm === INTEGRITY_ALGORITHM && base64
    ? Buffer.from(base64, 'base64').toString('hex')
    : undefined;
}

/**
 * Hash, size and integrity of bytes.
 *
 * @param algorithm of the hash, as `node:crypto` calls it
 */
export function contentInfo(bytes: Uint8Array, algorithm: string): ContentInfo {
  return {
    hash: hash(algorithm, bytes, 'hex'),
    size: bytes.length,
    integrity: `${INTEGRITY_ALGORITHM}-${hash(INTEGRITY_ALGORITHM, bytes, 'base64')}`,
  };
}

/** An output of which is known what the manifest's details tell of it. */
export type HashedOutput = Output & { readonly content: ContentInfo };

/**
 * Reads the outputs of which no processor has told what their bytes are. They then are published only as they were
 * read.
 *
 * @throws StaticFilesError `source` where one cannot be read, or changes meanwhile; `plugin` where one is not in the
 *   content encoding that its processor says
 */
export async function hashOutputs(
  outputs: readonly Output[],
  signal: AbortSignal,
): Promise<readonly HashedOutput[]> {
  if (outputs.every(isKnown)) return outputs;
  const slice = startTimeSlice(signal);
  const known: HashedOutput[] = [];
  for (const output of outputs) {
    if (slice.isOver()) await slice.yield();
    known.push(isKnown(output) ? output : await readFacts(output));
  }
  return known;
}

/**
 * What clients have of an output. It is read piece by piece where it is not known, since it may be large.
 *
 * @returns `undefined` where its bytes are not in the content encoding that its processor says
 * @throws StaticFilesError `source` where it cannot be read
 */
export async function contentOf(output: Output): Promise<DecodedInfo | undefined> {
  const { content, body, contentEncoding = IDENTITY } = output;
  const read = async () => decodedInfo(bodyPieces(body), contentEncoding, Number.MAX_SAFE_INTEGER);
  return content ?? (await nameSourceErrorsOf(output, read()));
}

function isKnown(output: Output): output is HashedOutput {
  return output.content !== undefined && storedFacts(output) !== undefined;
}

async function readFacts(output: Output): Promise<HashedOutput> {
  const body = nameSourceErrors(output, () => inItsState(output.body));
  const bytes = nameSourceErrors(output, () => readBody(body));
  const facts = contentInfo(bytes, 'md5');
  if (output.contentEncoding === undefined) return { ...output, body, content: facts };
  const content = output.content ?? (await decodedContent(output, bytes));
  return { ...output, body, content, stored: facts };
}

/** What clients have of encoded bytes. */
async function decodedContent(
  { publicPath, contentEncoding }: Output,
  bytes: Uint8Array,
): Promise<ContentInfo> {
  const decoded = await decodedInfo([bytes], contentEncoding!, Number.MAX_SAFE_INTEGER);
  if (decoded) return { ...decoded, hash: integrityHash(decoded.integrity)! };
  throw new StaticFilesError(
    'plugin',
    `'${publicPath}' has the contentEncoding '${contentEncoding}', and its bytes cannot be decoded by it. ` +
      'The processor that made it must encode them so, or give its content too.',
  );
}
