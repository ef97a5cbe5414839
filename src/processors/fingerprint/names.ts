import type { ContentInfo } from '../../model/output.js';
import type { Insertion } from '../../model/splice.js';
import { compareCodePoints } from '../../text/code-points.js';
import type { Link } from './links.js';
import { followedLinks, linkedComponents, NO_LINKS } from './links.js';
import type { FingerprintMemory } from './memory.js';
import type { FingerprintRules } from './options.js';
import { cycleHash, integritiesOf, integrityEdits, rewrittenContent } from './rewrite.js';
import type { TrackedFile } from './track-files.js';

/** How a file will be published. */
export interface NamedFile {
  /** The hash in its name; none where it keeps its name. */
  readonly fingerprint: string | undefined;
  readonly insertions: readonly Insertion[];
  readonly content: ContentInfo;
  /** The indexes of the files whose names stand in it. */
  readonly targets: readonly number[];
  /** The indexes of the files of its cycle, itself included; none outside cycles. */
  readonly cycle?: readonly number[];
  /** Whether it tells the integrity of others, which could not follow their bytes. */
  readonly keepsIntegrity?: boolean;
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
  const followed = followedLinks(files, links, rules);
  const telling = filesTellingIntegrity(files, followed);
  const named: NamedFile[] = [];
  /** Those of the members of a cycle are known before their contents are. */
  const fingerprints: (string | undefined)[] = [];

  function insertionsOf(index: number, wanted = (_target: number) => true): Insertion[] {
    return followed[index]!.filter(({ target }) => wanted(target!)).map(({ reference, target }) => ({
      offset: reference.insertionOffset,
      text: `.${fingerprints[target!]}`,
    }));
  }

  function nameOne(index: number, insertions: readonly Insertion[], cycle?: readonly number[]): void {
    const content = rewrittenContent(files[index]!, insertions, rules, memory);
    if (!files[index]!.fixed) fingerprints[index] ??= content.hash.slice(0, rules.length);
    const targets =
      followed[index]!.length === 0 ? NO_TARGETS : followed[index]!.map(({ target }) => target!);
    const fingerprint = fingerprints[index];
    const keepsIntegrity = !telling.has(index) && integritiesOf(files[index]!).length > 0;
    named[index] = {
      ...{ fingerprint, insertions, content, targets },
      ...(cycle && { cycle }),
      ...(keepsIntegrity && { keepsIntegrity }),
    };
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
    for (const index of cycle) if (!files[index]!.fixed) fingerprints[index] = fingerprint;
    for (const index of cycle) nameOne(index, insertionsOf(index), cycle);
  }

  function nameTelling(index: number): void {
    const integrityOf = (target: number) => named[target]?.content.integrity;
    const told = integrityEdits(integritiesOf(files[index]!), links[index]!, integrityOf);
    nameOne(
      index,
      [...insertionsOf(index), ...told].sort((a, b) => a.offset - b.offset),
    );
  }

  const isCycle = (component: readonly number[]) =>
    component.length > 1 || followed[component[0]!]!.some(({ target }) => target === component[0]);

  for (let index = 0; index < files.length; index++) {
    if (followed[index] === NO_LINKS && !telling.has(index)) nameOne(index, NO_INSERTIONS);
  }
  for (const component of linkedComponents(followed)) {
    if (isCycle(component)) nameCycle(component);
    else if (!telling.has(component[0]!)) nameOne(component[0]!, insertionsOf(component[0]!));
  }
  // Last, since they depend on the bytes of what they refer to, and nothing on theirs.
  for (const index of telling) nameTelling(index);
  return named;
}

/**
 * The files whose integrity values follow what they refer to. A file on whose name others depend is none of them: its
 * name would depend on bytes that may depend on its name.
 */
function filesTellingIntegrity(
  files: readonly TrackedFile[],
  followed: readonly (readonly Link[])[],
): ReadonlySet<number> {
  const told = [...files.keys()].filter((index) => integritiesOf(files[index]!).length > 0);
  if (told.every((index) => files[index]!.fixed)) return new Set(told);
  const targets = new Set(followed.flatMap((links) => links.map(({ target }) => target)));
  return new Set(told.filter((index) => files[index]!.fixed || !targets.has(index)));
}

const NO_INSERTIONS: readonly Insertion[] = [];
const NO_TARGETS: readonly number[] = [];
