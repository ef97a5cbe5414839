import { createHash } from 'node:crypto';
import { bodyPieces, inItsState, nameSourceErrors } from '../../model/body.js';
import { integrityHash } from '../../model/content.js';
import { INTEGRITY_ALGORITHM, isManifest, type Output, storedFacts } from '../../model/output.js';
import { type HeaderRules, headersText } from './headers.js';
import type { KnownObject } from './index-file.js';
import type { ObjectHeaders } from './object-store.js';

/**
 * Marks the outputs of a run as published from here, and files of earlier runs that this one left out as unused. Those stay
 * for pages that are still open, until they are pruned.
 *
 * @param note called for each object whose entry changes
 */
export function notePublished(
  objects: ReadonlyMap<string, KnownObject>,
  outputs: readonly Output[],
  now: number,
  note: (publicPath: string, object: KnownObject) => void,
): void {
  const published = new Map(outputs.map((output) => [output.publicPath, output]));
  for (const [publicPath, object] of objects) {
    const { unusedSince, foreign, ...facts } = object;
    const output = published.get(publicPath);
    if (output && foreign) note(publicPath, { ...facts, ...(!isManifest(output) && { unusedSince: 0 }) });
    else if (unusedSince !== undefined && (output === undefined) !== unusedSince > 0)
      note(publicPath, { ...facts, unusedSince: output ? 0 : now });
  }
}

/**
 * Returns one hash over everything that a run publishes: paths, bytes and headers. The note of a release is left out: it
 * only has the time when the release's manifest was written.
 *
 * @param published what is known of the outputs after they were published
 */
export async function publishedDigest(
  outputs: readonly Output[],
  { headersOf }: HeaderRules,
  published?: ReadonlyMap<string, KnownObject>,
): Promise<string> {
  const lines: string[] = [];
  const texts = new Map<ObjectHeaders, string>(); // few kinds of headers, many files
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

/** Reads piece by piece, since a file may be larger than memory. */
async function hashOf(output: Output): Promise<string> {
  const hash = createHash(INTEGRITY_ALGORITHM);
  const body = nameSourceErrors(output, () => inItsState(output.body));
  for await (const piece of bodyPieces(body)) hash.update(piece);
  return hash.digest('hex');
}
