/**
 * Returns the strongly connected components of a graph in dependency order: each after the components it points to.
 * The nodes of one component form a cycle.
 *
 * Tarjan's algorithm (https://en.wikipedia.org/wiki/Tarjan%27s_strongly_connected_components_algorithm), without
 * recursion: a chain of any length must not overflow the stack.
 *
 * @param edges for each node, the nodes it points to
 */
export function* componentsInOrder(edges: readonly (readonly number[])[]): Generator<readonly number[]> {
  const index = new Int32Array(edges.length).fill(-1);
  const low = new Int32Array(edges.length);
  const onStack = new Uint8Array(edges.length);
  const stack: number[] = [];
  let counter = 0;

  function open(node: number): Visit {
    index[node] = low[node] = counter++;
    stack.push(node);
    onStack[node] = 1;
    return { node, next: 0 };
  }

  for (let start = 0; start < edges.length; start++) {
    if (index[start] !== -1) continue;
    const visits = [open(start)];
    for (let visit = visits.at(-1); visit; visit = visits.at(-1)) {
      const { node } = visit;
      const target = edges[node]![visit.next++];
      if (target !== undefined) {
        if (index[target] === -1) visits.push(open(target));
        else if (onStack[target]) low[node] = Math.min(low[node]!, index[target]!);
        continue;
      }
      visits.pop();
      const parent = visits.at(-1)?.node;
      if (parent !== undefined) low[parent] = Math.min(low[parent]!, low[node]!);
      if (low[node] === index[node]) yield takeComponent(stack, onStack, node);
    }
  }
}

interface Visit {
  readonly node: number;
  /** The index of the node's next edge. */
  next: number;
}

function takeComponent(stack: number[], onStack: Uint8Array, root: number): readonly number[] {
  const component = stack.splice(stack.lastIndexOf(root));
  for (const node of component) onStack[node] = 0;
  return component;
}
