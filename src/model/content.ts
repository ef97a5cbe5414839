import { hash } from 'node:crypto';
import { startTimeSlice } from '../concurrency/time-slice.js';
import { StaticFilesError } from '../errors.js';
import { joined } from '../text/string-builder.js';
import { bodyPieces, inItsState, nameSourceErrors, nameSourceErrorsOf, readBody } from './body.js';
import { IDENTITY } from './content-encoding.js';
import { type DecodedInfo, decodedInfo } from './decode.js';
import { type ContentInfo, INTEGRITY_ALGORITHM, type Output, storedFacts } from './output.js';

/** Returns the hash in an integrity `sha384-…`, hexadecimal; `undefined` if it is of another algorithm. */
export function integrityHash(integrity: string): string | undefined {
  const [algorithm, base64] = integrity.split('-', 2);
  return algorithm === INTEGRITY_ALGORITHM && base64
    ? Buffer.from(base64, 'base64').toString('hex')
    : undefined;
}

/**
 * Returns hash, size and integrity of bytes.
 *
 * @param algorithm of the hash, as `node:crypto` names it
 */
export function contentInfo(bytes: Uint8Array, algorithm: string): ContentInfo {
  return {
    hash: hash(algorithm, bytes, 'hex'),
    size: bytes.length,
    integrity: joined(INTEGRITY_ALGORITHM, '-', hash(INTEGRITY_ALGORITHM, bytes, 'base64')),
  };
}

/** An output with the hash, size and integrity that the manifest's details show. */
export type HashedOutput = Output & { readonly content: ContentInfo };

/**
 * Returns the outputs with hash, size and integrity. Reads those for which no processor has set them. These are then
 * published only in the state that was read.
 *
 * @throws StaticFilesError `source` if one cannot be read or changes at the same time; `plugin` if one does not have
 *   the content encoding that its processor has set
 */
export async function hashOutputs(
  outputs: readonly Output[],
  signal: AbortSignal,
): Promise<readonly HashedOutput[]> {
  if (outputs.every(isHashed)) return outputs;
  const slice = startTimeSlice(signal);
  const hashed: HashedOutput[] = [];
  for (const output of outputs) {
    if (slice.isOver()) await slice.yield();
    hashed.push(isHashed(output) ? output : await hashOutput(output));
  }
  return hashed;
}

/**
 * Returns size and integrity of an output after decoding. If they are unknown, reads the output piece by piece, since
 * it may be large.
 *
 * @returns `undefined` if it does not have the content encoding that its processor has set
 * @throws StaticFilesError `source` if it cannot be read
 */
export async function contentOf(output: Output): Promise<DecodedInfo | undefined> {
  const { content, body, contentEncoding = IDENTITY } = output;
  const read = async () => decodedInfo(bodyPieces(body), contentEncoding, Number.MAX_SAFE_INTEGER);
  return content ?? (await nameSourceErrorsOf(output, read()));
}

function isHashed(output: Output): output is HashedOutput {
  return output.content !== undefined && storedFacts(output) !== undefined;
}

async function hashOutput(output: Output): Promise<HashedOutput> {
  const body = nameSourceErrors(output, () => inItsState(output.body));
  const bytes = nameSourceErrors(output, () => readBody(body));
  const stored = contentInfo(bytes, 'md5');
  if (output.contentEncoding === undefined) return { ...output, body, content: stored };
  const content = output.content ?? (await decodedContent(output, bytes));
  return { ...output, body, content, stored };
}

/** Returns the content of encoded bytes. */
async function decodedContent(
  { publicPath, contentEncoding }: Output,
  bytes: Uint8Array,
): Promise<ContentInfo> {
  const decoded = await decodedInfo([bytes], contentEncoding!, Number.MAX_SAFE_INTEGER);
  if (decoded) return { ...decoded, hash: integrityHash(decoded.integrity)! };
  throw new StaticFilesError(
    'plugin',
    `'${publicPath}' has the contentEncoding '${contentEncoding}', but its bytes cannot be decoded. ` +
      'The processor that made it must encode the bytes, or set `content` too.',
  );
}
