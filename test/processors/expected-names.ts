import { createHash } from 'node:crypto';
import path from 'node:path';
import type { GeneratedTree } from './generated-tree.js';
import { edgesOf, render, splitName } from './rendered-tree.js';

/** For each file, all files that it refers to directly or indirectly. Includes itself only in a cycle. */
export function reachOf(tree: GeneratedTree): readonly ReadonlySet<number>[] {
  return tree.map((file) => {
    const reach = new Set(edgesOf(file));
    for (const node of reach) for (const next of edgesOf(tree[node]!)) reach.add(next);
    return reach;
  });
}

/** The hash of each file, straight from the rules. Slow and recursive, unlike the processor. */
export function expectedHashes(tree: GeneratedTree): readonly string[] {
  const reach = reachOf(tree);
  const known = new Map<number, string>();
  const hashOf = (index: number): string => {
    const hash = known.get(index) ?? (reach[index]!.has(index) ? ofCycle(index) : ofFile(index));
    known.set(index, hash);
    return hash;
  };
  const ofFile = (index: number) => md5(render(tree[index]!, tree, hashOf));
  const ofCycle = (index: number) => {
    const isMember = (other: number) => reach[index]!.has(other) && reach[other]!.has(index);
    const members = tree.map((_, other) => other).filter(isMember);
    const sorted = members.sort((a, b) => Buffer.compare(pathOf(a), pathOf(b)));
    return md5(Buffer.concat(sorted.flatMap((member) => partOf(member, isMember))));
  };
  const partOf = (member: number, isMember: (other: number) => boolean) => {
    const bytes = render(tree[member]!, tree, (target) => (isMember(target) ? undefined : hashOf(target)));
    return [pathOf(member), Buffer.from(`\0${bytes.length}\0`), bytes];
  };
  const pathOf = (index: number) => Buffer.from(tree[index]!.logicalPath);
  return tree.map((_, index) => hashOf(index));
}

/** The path with a hash in its name. */
export function withHash(logicalPath: string, hash: string): string {
  const [stem, extension] = splitName(path.posix.basename(logicalPath));
  return path.posix.join(path.posix.dirname(logicalPath), `${stem}.${hash}${extension}`);
}

function md5(bytes: Buffer): string {
  return createHash('md5').update(bytes).digest('hex').slice(0, 12);
}
