import { createHash } from 'node:crypto';
import { inItsState } from '../../body.js';
import { bodyPieces } from '../../body-pieces.js';
import { INTEGRITY_ALGORITHM, integrityHash } from '../../content-facts.js';
import { type Output, storedFacts } from '../../output.js';
import { nameSourceErrors } from '../../source-errors.js';
import type { HeaderRules } from './header-rules.js';
import type { KnownObject } from './index-object.js';
import { headersText } from './known-headers.js';
import type { ObjectHeaders } from './object-store.js';

/**
 * One hash over all that a run publishes: paths, bytes and headers. The note of a release is left out: it is written when
 * the release's manifest is, and tells only when that was.
 *
 * @param published what is known of them since they were published
 */
export async function publishedDigest(
  outputs: readonly Output[],
  { headersOf }: HeaderRules,
  published?: ReadonlyMap<string, KnownObject>,
): Promise<string> {
  const lines: string[] = [];
  const texts = new Map<ObjectHeaders, string>(); // there are few kinds, and many files
  for (const output of outputs) {
    if (output.role === 'release-note') continue;
    const hash = knownHash(output, published?.get(output.publicPath)) ?? (await hashOf(output));
    const headers = headersOf(output);
    const text = texts.get(headers) ?? headersText(headers);
    texts.set(headers, text);
    lines.push(`${output.publicPath}\0${hash}\0${text}\n`);
  }
  const hash = createHash(INTEGRITY_ALGORITHM);
  for (const line of lines.sort()) hash.update(line);
  return `${INTEGRITY_ALGORITHM}-${hash.digest('base64')}`;
}

function knownHash(output: Output, known: KnownObject | undefined): string | undefined {
  const facts = storedFacts(output);
  if (facts) return integrityHash(facts.integrity);
  return known?.hashAlgorithm === INTEGRITY_ALGORITHM ? known.hash : undefined;
}

/** Piece by piece, since a file may be larger than memory. */
async function hashOf(output: Output): Promise<string> {
  const hash = createHash(INTEGRITY_ALGORITHM);
  const body = nameSourceErrors(output, () => inItsState(output.body));
  for await (const piece of bodyPieces(body)) hash.update(piece);
  return hash.digest('hex');
}
