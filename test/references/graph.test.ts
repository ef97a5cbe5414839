import { describe, expect, it } from 'vitest';
import { componentsInOrder } from '../../src/references/graph.js';

const components = (edges: number[][]) =>
  [...componentsInOrder(edges)].map((nodes) => [...nodes].sort((a, b) => a - b));

describe('componentsInOrder', () => {
  it('returns each node after the nodes it points to', () => {
    expect(components([[1, 2], [2], []])).toEqual([[2], [1], [0]]);
  });

  it('returns a cycle as one component, also one of a single node', () => {
    expect(components([[1], [2], [0, 3], [3]])).toEqual([[3], [0, 1, 2]]);
    expect(components([[1], [0, 2], [3], [2]])).toEqual([
      [2, 3],
      [0, 1],
    ]);
  });

  it('follows a chain of 100,000 nodes', () => {
    const edges = Array.from({ length: 100_000 }, (_, node) => (node < 99_999 ? [node + 1] : []));
    expect(components(edges).slice(0, 2)).toEqual([[99_999], [99_998]]);
  });

  it('returns a cycle of 100,000 nodes as one component', () => {
    const edges = Array.from({ length: 100_000 }, (_, node) => [(node + 1) % 100_000]);
    expect(components(edges)).toHaveLength(1);
  });

  it('visits each edge once, whatever the shape', () => {
    const chain = Array.from({ length: 3000 }, (_, node) => (node < 2999 ? [node + 1, 0] : []));
    for (const edges of [chain, randomGraph(1, 3000, 12_000), randomGraph(2, 3000, 3000)]) {
      let looks = 0;
      const counted = edges.map(
        (own) => new Proxy(own, { get: (target, key) => Reflect.get(target, key, looks++) }),
      );
      components(counted);
      expect(looks).toBe(edges.flat().length + edges.length);
    }
  });

  it.each([1, 2, 3, 4, 5])('agrees with reachability on random graphs (%i)', (seed) => {
    const edges = randomGraph(seed, 30, 50);
    const reach = edges.map((_, node) => reachableFrom(edges, node));
    const found = components(edges);
    const place = new Map(found.flatMap((nodes, at) => nodes.map((node) => [node, at] as const)));
    expect(place.size).toBe(edges.length);
    edges.forEach((_, a) => {
      edges.forEach((_, b) => {
        const together = a === b || (reach[a]!.has(b) && reach[b]!.has(a));
        expect(place.get(a) === place.get(b)).toBe(together);
        if (!together && reach[a]!.has(b)) expect(place.get(b)!).toBeLessThan(place.get(a)!);
      });
    });
  });
});

function randomGraph(seed: number, nodes: number, count: number): number[][] {
  let state = seed;
  const next = () => {
    state = (state * 1103515245 + 12345) & 0x7fffffff;
    return (state >> 8) % nodes;
  };
  const edges: number[][] = Array.from({ length: nodes }, () => []);
  for (let edge = 0; edge < count; edge++) edges[next()]!.push(next());
  return edges;
}

function reachableFrom(edges: readonly number[][], start: number): Set<number> {
  const seen = new Set<number>();
  const todo = [...edges[start]!];
  for (let node = todo.pop(); node !== undefined; node = todo.pop()) {
    if (seen.has(node)) continue;
    seen.add(node);
    todo.push(...edges[node]!);
  }
  return seen;
}
