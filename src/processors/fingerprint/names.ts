import { createHash, hash } from 'node:crypto';
import { readBody } from '../../body.js';
import { contentFacts } from '../../content-facts.js';
import type { ContentFacts } from '../../output.js';
import { compareCodePoints } from '../../paths.js';
import { componentsInOrder } from '../../references/graph.js';
import type { IntegrityValue } from '../../references/reference.js';
import type { Insertion } from '../../splice.js';
import { isRewritten } from './kinds.js';
import type { Link } from './links.js';
import type { FingerprintMemory } from './memory.js';
import type { FingerprintRules } from './rules.js';
import { type TrackedFile, withInsertions } from './tracked-file.js';

/** How a file will be published. */
export interface NamedFile {
  /** The hash in its name; none where it keeps its name. */
  readonly fingerprint: string | undefined;
  readonly insertions: readonly Insertion[];
  readonly content: ContentFacts;
  /** The indexes of the files whose names stand in it. */
  readonly targets: readonly number[];
  /** The indexes of the files of its cycle, itself included; none outside cycles. */
  readonly cycle?: readonly number[];
}

/**
 * Names all files, each after those it refers to. Outside cycles a file's hash is that of its rewritten bytes. The
 * files of a cycle share one hash: over, for each in code-point order of logical path, the path, NUL, the number of
 * its bytes, NUL, and its bytes with references out of the cycle rewritten and those within it not.
 */
export function nameFiles(
  files: readonly TrackedFile[],
  links: readonly (readonly Link[])[],
  rules: FingerprintRules,
  memory: FingerprintMemory,
): readonly NamedFile[] {
  const named: NamedFile[] = [];
  const fingerprints: (string | undefined)[] = [];
  const followed = followedLinks(files, links, rules);
  const insertionsOf = (index: number, wanted: (target: number) => boolean): Insertion[] =>
    followed[index]!.filter(({ target }) => wanted(target!)).map(({ reference, target }) => ({
      offset: reference.insertionOffset,
      text: `.${fingerprints[target!]}`,
    }));

  files.forEach((file, index) => {
    if (followed[index] !== NO_LINKS || integritiesOf(file).length > 0) return;
    named[index] = nameLeaf(file, rules);
    fingerprints[index] = named[index].fingerprint;
  });
  for (const component of linkedComponents(followed)) {
    if (integritiesOf(files[component[0]!]!).length > 0) continue;
    const members = new Set(component);
    const isCycle =
      component.length > 1 || followed[component[0]!]!.some(({ target }) => members.has(target!));
    if (isCycle) {
      const cycle = cycleMembers(component, files, (index) =>
        insertionsOf(index, (target) => !members.has(target)),
      );
      const fingerprint = cycleHash(cycle, rules, memory).slice(0, rules.length);
      for (const index of component) if (!files[index]!.fixed) fingerprints[index] = fingerprint;
    }
    for (const index of component) {
      const insertions = insertionsOf(index, () => true);
      const content = rewrittenContent(files[index]!, insertions, rules, memory);
      if (!files[index]!.fixed) fingerprints[index] ??= content.hash.slice(0, rules.length);
      const targets = followed[index]!.map(({ target }) => target!);
      named[index] = {
        ...{ fingerprint: fingerprints[index], insertions, content, targets },
        ...(isCycle && { cycle: component }),
      };
    }
  }
  // Nothing depends on these: they keep their names. They depend on the bytes of what they refer to.
  files.forEach((file, index) => {
    const integrities = integritiesOf(file);
    if (integrities.length === 0) return;
    const edits = [...insertionsOf(index, () => true), ...integrityEdits(integrities, links[index]!, named)];
    const insertions = edits.sort((a, b) => a.offset - b.offset);
    const content = rewrittenContent(file, insertions, rules, memory);
    const targets = followed[index]!.map(({ target }) => target!);
    named[index] = { fingerprint: undefined, insertions, content, targets };
  });
  return named;
}

const NO_INTEGRITIES: readonly IntegrityValue[] = [];

/** Where a file tells the integrity of others; in files whose own names would depend on it, it stays as it is. */
function integritiesOf({ digest, fixed }: TrackedFile): readonly IntegrityValue[] {
  const told = digest.scan?.integrities;
  return told === undefined || fixed === undefined || fixed === 'prehashed' ? NO_INTEGRITIES : told;
}

function integrityEdits(
  integrities: readonly IntegrityValue[],
  links: readonly Link[],
  named: readonly NamedFile[],
): Insertion[] {
  return integrities.flatMap(({ start, end, of }) => {
    const target = links.find(({ reference }) => reference.start === of)?.target;
    const text = target === undefined ? undefined : named[target]?.content.integrity;
    return text === undefined ? [] : [{ offset: start, text, replaced: end - start }];
  });
}

const NO_LINKS: readonly Link[] = [];
const NO_INSERTIONS: readonly Insertion[] = [];
const NO_TARGETS: readonly number[] = [];

/** The links of each file that change with their targets' names. Most files have none. */
function followedLinks(
  files: readonly TrackedFile[],
  links: readonly (readonly Link[])[],
  rules: FingerprintRules,
): readonly (readonly Link[])[] {
  const isFollowed = (link: Link) =>
    link.target !== undefined &&
    !files[link.target]!.fixed &&
    isRewritten(link.reference.kind, rules.references);
  return links.map((own, index) => {
    const { fixed } = files[index]!;
    if (own.length === 0 || fixed === 'prehashed' || fixed === 'named-already') return NO_LINKS;
    const followed = own.filter(isFollowed);
    return followed.length === 0 ? NO_LINKS : followed;
  });
}

/** The components of the graph of files that have links; the others, nearly all, need no order. */
function* linkedComponents(followed: readonly (readonly Link[])[]): Generator<readonly number[]> {
  const linked = [...followed.keys()].filter((index) => followed[index] !== NO_LINKS);
  const nodes = new Map(linked.map((index, node) => [index, node]));
  const edges = linked.map((index) =>
    followed[index]!.flatMap(({ target }) => {
      const node = nodes.get(target!);
      return node === undefined ? [] : [node];
    }),
  );
  for (const component of componentsInOrder(edges)) yield component.map((node) => linked[node]!);
}

function nameLeaf({ digest, fixed }: TrackedFile, rules: FingerprintRules): NamedFile {
  const { content } = digest;
  const fingerprint = fixed ? undefined : content.hash.slice(0, rules.length);
  return { fingerprint, insertions: NO_INSERTIONS, content, targets: NO_TARGETS };
}

interface CycleMember {
  readonly file: TrackedFile;
  /** Of references out of the cycle. */
  readonly insertions: readonly Insertion[];
}

function cycleMembers(
  component: readonly number[],
  files: readonly TrackedFile[],
  insertionsOf: (index: number) => Insertion[],
): CycleMember[] {
  return component
    .map((index) => ({ file: files[index]!, insertions: insertionsOf(index) }))
    .sort((a, b) => compareCodePoints(a.file.output.logicalPath, b.file.output.logicalPath));
}

function cycleHash(
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

function rewrittenContent(
  file: TrackedFile,
  insertions: readonly Insertion[],
  rules: FingerprintRules,
  memory: FingerprintMemory,
): ContentFacts {
  if (insertions.length === 0) return file.digest.content;
  const key = contentKey(file, insertions);
  const known = memory.made(key);
  if (known !== undefined) return known;
  const content = contentFacts(readBody(withInsertions(file.body, insertions)), rules.algorithm);
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
