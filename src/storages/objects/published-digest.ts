import { createHash } from 'node:crypto';
import { readBody } from '../../body.js';
import { INTEGRITY_ALGORITHM, integrityHash } from '../../content-facts.js';
import { type Output, storedFacts } from '../../output.js';
import { nameSourceErrors } from '../../source-errors.js';
import type { HeaderRules } from './header-rules.js';
import { headersText } from './known-headers.js';

/**
 * One hash over all that a run publishes: paths, bytes and headers. The note of a release is left out: it is written when
 * the release's manifest is, and tells only when that was.
 */
export function publishedDigest(outputs: readonly Output[], { headersOf }: HeaderRules): string {
  const lines = outputs
    .filter(({ role }) => role !== 'release-note')
    .map((output) => `${output.publicPath}\0${hashOf(output)}\0${headersText(headersOf(output))}\n`);
  const hash = createHash(INTEGRITY_ALGORITHM);
  for (const line of lines.sort()) hash.update(line);
  return `${INTEGRITY_ALGORITHM}-${hash.digest('base64')}`;
}

function hashOf(output: Output): string {
  const facts = storedFacts(output);
  const known = facts && integrityHash(facts.integrity);
  const bytes = () => nameSourceErrors(output, () => readBody(output.body));
  return known ?? createHash(INTEGRITY_ALGORITHM).update(bytes()).digest('hex');
}
