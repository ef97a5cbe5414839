import { createHash, hash } from 'node:crypto';
import { readBody } from '../../model/body.js';
import { contentInfo } from '../../model/content.js';
import type { ContentInfo } from '../../model/output.js';
import { type Insertion, splice } from '../../model/splice.js';
import { algorithmOf, inlineHash } from '../../references/markup/inline-hashes.js';
import type { InlineHash, IntegrityValue } from '../../references/reference.js';
import type { Link } from './links.js';
import type { FingerprintMemory } from './memory.js';
import type { FingerprintRules } from './options.js';
import { keepsBytes, type TrackedFile, withInsertions } from './track-files.js';

/** A file in a cycle of references. */
export interface CycleMember {
  readonly file: TrackedFile;
  /** The insertions for references out of the cycle. */
  readonly insertions: readonly Insertion[];
}

/**
 * Returns the hash that all files of a cycle share. It covers, for each file: its logical path, NUL, the number of its
 * bytes, NUL, and its bytes. References out of the cycle are rewritten in these bytes, references within it are not.
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

/** Returns the hash, size and integrity of a file's bytes with the insertions. */
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

/** A key for a file's bytes with the insertions. */
function contentKey({ digest }: TrackedFile, insertions: readonly Insertion[]): string {
  const inserted = insertions
    .map(({ offset, text, replaced = 0 }) => `${offset}${text}-${replaced}`)
    .join(' ');
  return hash('md5', `${digest.content.integrity} ${inserted}`);
}

const NONE: readonly never[] = [];

/** The integrity values in a file; none if the file is not rewritten. */
export function integritiesOf(file: TrackedFile): readonly IntegrityValue[] {
  return keepsBytes(file) ? NONE : (file.digest.scan?.integrities ?? NONE);
}

/** The hashes of inline scripts and styles in a file; none if the file is not rewritten. */
export function inlineHashesOf(file: TrackedFile): readonly InlineHash[] {
  return keepsBytes(file) ? NONE : (file.digest.scan?.inlineHashes ?? NONE);
}

/**
 * Returns the edits that update integrity values to the bytes that are published.
 *
 * @param links the links of the file with these values
 * @param integrityOf returns the integrity of a file by index; `undefined` if it is unknown
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

/**
 * Returns the edits that update the hashes of inline scripts and styles to the texts that are published.
 *
 * @param edits all other edits of the file, sorted by offset
 */
export function inlineHashEdits(file: TrackedFile, edits: readonly Insertion[]): readonly Insertion[] {
  const hashes = inlineHashesOf(file);
  if (hashes.length === 0) return [];
  const bytes = Buffer.from(readBody(file.body));
  return hashes.flatMap(({ start, end, contentStart, contentEnd, escapes = [] }) => {
    const inside = edits.filter(({ offset }) => offset >= contentStart && offset <= contentEnd);
    if (inside.length === 0) return [];
    const decoded = escapes.map(({ start: offset, end, text }) => ({
      offset,
      text: Buffer.from(text).toString('latin1'),
      replaced: end - offset,
    }));
    // Sorting is stable: what is inserted before an escape sequence stays before it.
    const all = [...inside, ...decoded].sort((a, b) => a.offset - b.offset);
    const moved = all.map((edit) => ({ ...edit, offset: edit.offset - contentStart }));
    const content = splice(bytes.subarray(contentStart, contentEnd), moved);
    const algorithm = algorithmOf(bytes.toString('latin1', start, end));
    return [{ offset: start, text: inlineHash(content, algorithm), replaced: end - start }];
  });
}
