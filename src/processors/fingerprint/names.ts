import type { ContentInfo } from '../../model/output.js';
import type { Insertion } from '../../model/splice.js';
import { compareCodePoints } from '../../text/code-points.js';
import { followedLinks, type Link, linkedComponents, NO_LINKS } from './links.js';
import type { FingerprintMemory } from './memory.js';
import type { FingerprintRules } from './options.js';
import {
  cycleHash,
  inlineHashEdits,
  inlineHashesOf,
  integritiesOf,
  integrityEdits,
  rewrittenContent,
} from './rewritten-hash.js';
import type { TrackedFile } from './track-files.js';

/** How a file will be published. */
export interface NamedFile {
  /** The hash in its name; `undefined` if it keeps its name. */
  readonly fingerprint: string | undefined;
  readonly insertions: readonly Insertion[];
  readonly content: ContentInfo;
  /** The indexes of the files whose fingerprints are inserted. */
  readonly targets: readonly number[];
  /** The indexes of all files in its cycle; `undefined` outside of cycles. */
  readonly cycle: readonly number[] | undefined;
  /** Whether it has integrity values that could not be updated. */
  readonly keepsIntegrity: boolean;
}

/** The files of a run and their names, in the same order. */
export interface NamedFiles {
  readonly files: readonly TrackedFile[];
  readonly named: readonly NamedFile[];
}

/**
 * Names all files in dependency order: each after the files that it refers to, so that their hashes can be inserted
 * first. Outside of cycles, a file's hash is the hash of its rewritten bytes.
 *
 * In a cycle no file can be first, so its files share one hash ({@link cycleHash}). It covers the bytes of all members
 * and, through rewritten references, everything that they depend on.
 *
 * Files with integrity values, or with hashes of inline scripts, come last. These values depend on the bytes of other files, which are final by then.
 *
 * @param last the latest run of a session. A file without links that has not changed keeps its name
 */
export function nameFiles(
  files: readonly TrackedFile[],
  links: readonly (readonly Link[])[],
  rules: FingerprintRules,
  memory: FingerprintMemory,
  last?: NamedFiles,
): readonly NamedFile[] {
  const followed = followedLinks(files, links, rules);
  const withIntegrity = filesWithUpdatedIntegrity(files, followed);
  const named: NamedFile[] = [];
  /** Separate from `named`: the fingerprints of a cycle are known before the contents of its files. */
  const fingerprints: (string | undefined)[] = [];

  function insertionsOf(index: number, wanted = (_target: number) => true): Insertion[] {
    return followed[index]!.filter(({ target }) => wanted(target!)).map(({ reference, target }) => ({
      offset: reference.insertionOffset,
      text: `.${fingerprints[target!]}`,
    }));
  }

  function nameOne(index: number, insertions: readonly Insertion[], cycle?: readonly number[]): void {
    const content = rewrittenContent(files[index]!, insertions, rules, memory);
    if (!files[index]!.keepsName) fingerprints[index] ??= content.hash.slice(0, rules.length);
    const targets =
      followed[index]!.length === 0 ? NO_TARGETS : followed[index]!.map(({ target }) => target!);
    const fingerprint = fingerprints[index];
    const keepsIntegrity = !withIntegrity.has(index) && hasHashes(files[index]!);
    named[index] = { fingerprint, insertions, content, targets, cycle, keepsIntegrity };
  }

  function nameCycle(cycle: readonly number[]): void {
    const members = new Set(cycle);
    const hashed = cycle
      .map((index) => ({
        file: files[index]!,
        insertions: insertionsOf(index, (target) => !members.has(target)),
      }))
      .sort((a, b) => compareCodePoints(a.file.output.logicalPath, b.file.output.logicalPath));
    const fingerprint = cycleHash(hashed, rules, memory).slice(0, rules.length);
    for (const index of cycle) if (!files[index]!.keepsName) fingerprints[index] = fingerprint;
    for (const index of cycle) nameOne(index, insertionsOf(index), cycle);
  }

  function nameWithIntegrity(index: number): void {
    const integrityOf = (target: number) => named[target]?.content.integrity;
    const byOffset = (a: Insertion, b: Insertion) => a.offset - b.offset;
    const integrities = integrityEdits(integritiesOf(files[index]!), links[index]!, integrityOf);
    const edits = [...insertionsOf(index), ...integrities].sort(byOffset);
    nameOne(index, [...edits, ...inlineHashEdits(files[index]!, edits)].sort(byOffset));
  }

  const isCycle = (component: readonly number[]) =>
    component.length > 1 || followed[component[0]!]!.some(({ target }) => target === component[0]);

  for (let index = 0; index < files.length; index++) {
    if (followed[index] !== NO_LINKS || withIntegrity.has(index)) continue;
    const known = last?.files[index] === files[index] ? last?.named[index] : undefined;
    if (known?.insertions !== NO_INSERTIONS) nameOne(index, NO_INSERTIONS);
    else {
      named[index] = known;
      fingerprints[index] = known.fingerprint;
    }
  }
  for (const component of linkedComponents(followed)) {
    if (isCycle(component)) nameCycle(component);
    else if (!withIntegrity.has(component[0]!)) nameOne(component[0]!, insertionsOf(component[0]!));
  }
  for (const index of withIntegrity) nameWithIntegrity(index);
  return named;
}

/**
 * Returns the files whose integrity values are updated: those that keep their names or that no other file refers to. The
 * name of any other file would depend on bytes that may depend on that name.
 */
function filesWithUpdatedIntegrity(
  files: readonly TrackedFile[],
  followed: readonly (readonly Link[])[],
): ReadonlySet<number> {
  const indexes: number[] = [];
  for (let index = 0; index < files.length; index++) if (hasHashes(files[index]!)) indexes.push(index);
  if (indexes.every((index) => files[index]!.keepsName)) return new Set(indexes);
  const targets = new Set(followed.flatMap((links) => links.map(({ target }) => target)));
  return new Set(indexes.filter((index) => files[index]!.keepsName || !targets.has(index)));
}

/** Whether a file contains hashes of other files, or of its own parts. */
function hasHashes(file: TrackedFile): boolean {
  return integritiesOf(file).length + inlineHashesOf(file).length > 0;
}

const NO_INSERTIONS: readonly Insertion[] = [];
const NO_TARGETS: readonly number[] = [];
