import type { Node, ParseError } from 'jsonc-parser';
import jsonc from 'jsonc-parser';

/** A place in a JSON document: names of members, and the indexes of elements; `'*'` stands for all of either. */
export type JsonPath = readonly string[];

/**
 * Reads JSON, keeping where everything stands.
 *
 * @returns `undefined` where it is not valid JSON
 */
export function parseJson(text: string): Node | undefined {
  const errors: ParseError[] = [];
  try {
    const root = jsonc.parseTree(text, errors, { disallowComments: true });
    return errors.length === 0 ? root : undefined;
  } catch (error) {
    if (error instanceof RangeError) return undefined; // nested deeper than the parser's stack
    throw error;
  }
}

/** The string values at a path, in order. */
export function stringsAt(node: Node | undefined, path: JsonPath): readonly Node[] {
  if (node === undefined) return [];
  const [step, ...rest] = path;
  if (step === undefined) return node.type === 'string' ? [node] : [];
  return childrenAt(node, step).flatMap((child) => stringsAt(child, rest));
}

function childrenAt({ type, children = [] }: Node, step: string): readonly Node[] {
  if (type === 'array') return step === '*' ? children : [];
  return children.flatMap(({ children: [name, value] = [] }) =>
    name && value && (step === '*' || name.value === step) ? [value] : [],
  );
}
