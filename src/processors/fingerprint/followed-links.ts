import { componentsInOrder } from '../../references/graph.js';
import { isRewritten } from './kinds.js';
import type { Link } from './links.js';
import type { FingerprintRules } from './rules.js';
import { keepsBytes, type TrackedFile } from './tracked-file.js';

/** What a file without such links has: one list for all, so that they are told apart at once. */
export const NO_LINKS: readonly Link[] = [];

/** The links of each file that change with their targets' names. Most files have none. */
export function followedLinks(
  files: readonly TrackedFile[],
  links: readonly (readonly Link[])[],
  rules: FingerprintRules,
): readonly (readonly Link[])[] {
  const isFollowed = (link: Link) =>
    link.target !== undefined &&
    !files[link.target]!.fixed &&
    isRewritten(link.reference.kind, rules.references);
  return links.map((own, index) => {
    if (own.length === 0 || keepsBytes(files[index]!)) return NO_LINKS;
    const followed = own.filter(isFollowed);
    return followed.length === 0 ? NO_LINKS : followed;
  });
}

/** The components of the graph of files that have links; the others, nearly all, need no order. */
export function* linkedComponents(followed: readonly (readonly Link[])[]): Generator<readonly number[]> {
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
