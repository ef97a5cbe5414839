import { createHash, hash } from 'node:crypto';
import { readBody } from '../../model/body.js';
import { contentInfo } from '../../model/content.js';
import type { ContentInfo } from '../../model/output.js';
import type { Insertion } from '../../model/splice.js';
import type { IntegrityValue } from '../../references/reference.js';
import type { Link } from './links.js';
import type { FingerprintMemory } from './memory.js';
import type { FingerprintRules } from './options.js';
import { keepsBytes, type TrackedFile, withInsertions } from './track-files.js';

/** A file of a cycle of references. */
export interface CycleMember {
  readonly file: TrackedFile;
  /** Of references out of the cycle. */
  readonly insertions: readonly Insertion[];
}

/**
 * The one hash of a cycle: over, for each member, its logical path, NUL, the number of its bytes, NUL, and its bytes.
 *
 * @param cycle in code-point order of logical path
 */
export function cycleHash(
  cycle: readonly CycleMember[],
  rules: FingerprintRules,
  memory: FingerprintMemory,
): string {
  const keys = cycle.map(
    ({ file, insertions }) => `${file.output.logicalPath}\0${contentKey(file, insertions)}`,
  );
  const key = `cycle ${hash('md5', keys.join('\0'))}`;
  const known = memory.made(key);
  if (known !== undefined) return known.hash;
  const hashing = createHash(rules.algorithm);
  let size = 0;
  for (const { file, insertions } of cycle) {
    const bytes = readBody(withInsertions(file.body, insertions));
    hashing.update(`${file.output.logicalPath}\0${bytes.length}\0`).update(bytes);
    size += bytes.length;
  }
  const content = { hash: hashing.digest('hex'), size, integrity: '' };
  memory.addMade(key, content);
  return content.hash;
}

/** What is known of a file's bytes once the insertions are made. */
export function rewrittenContent(
  file: TrackedFile,
  insertions: readonly Insertion[],
  rules: FingerprintRules,
  memory: FingerprintMemory,
): ContentInfo {
  if (insertions.length === 0) return file.digest.content;
  const key = contentKey(file, insertions);
  const known = memory.made(key);
  if (known !== undefined) return known;
  const content = contentInfo(readBody(withInsertions(file.body, insertions)), rules.algorithm);
  memory.addMade(key, content);
  return content;
}

/** The same for the same bytes with the same insertions. */
function contentKey({ digest }: TrackedFile, insertions: readonly Insertion[]): string {
  const inserted = insertions
    .map(({ offset, text, replaced = 0 }) => `${offset}${text}-${replaced}`)
    .join(' ');
  return hash('md5', `${digest.content.integrity} ${inserted}`);
}

const NONE: readonly IntegrityValue[] = [];

/** Where a file that is rewritten tells the integrity of others. */
export function integritiesOf(file: TrackedFile): readonly IntegrityValue[] {
  return keepsBytes(file) ? NONE : (file.digest.scan?.integrities ?? NONE);
}

/**
 * Puts the integrity of what is published in the place of what was told.
 *
 * @param integrityOf of a file by its index; `undefined` where it is not known
 */
export function integrityEdits(
  integrities: readonly IntegrityValue[],
  links: readonly Link[],
  integrityOf: (target: number) => string | undefined,
): readonly Insertion[] {
  const targets = new Map(links.map(({ reference, target }) => [reference.start, target]));
  return integrities.flatMap(({ start, end, of }) => {
    const target = targets.get(of);
    const text = target === undefined ? undefined : integrityOf(target);
    return text === undefined ? [] : [{ offset: start, text, replaced: end - start }];
  });
}
