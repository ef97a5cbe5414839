import type { Node } from 'jsonc-parser';
import { parseJson, stringsAt } from './json.js';
import { unescapeJson } from './json-string.js';
import { addReference, type Findings } from './make-reference.js';
import type { IntegrityValue, Scanner } from './reference.js';

/**
 * Finds the URLs of an import map (https://html.spec.whatwg.org/#import-maps): those that specifiers lead to, and those
 * with an integrity value, which follows the URL.
 */
export const scanImportMap: Scanner = (bytes) => {
  const latin1 = bytes.toString('latin1');
  const findings: Findings = { references: [], skipped: [] };
  const integrities: IntegrityValue[] = [];
  const root = parseJson(latin1);
  const values = [...stringsAt(root, ['imports', '*']), ...stringsAt(root, ['scopes', '*', '*'])];
  for (const value of values) add(findings, latin1, value);
  for (const [key, value] of members(root, 'integrity')) {
    add(findings, latin1, key);
    if (value.type === 'string') integrities.push({ ...contentOf(value), of: contentOf(key).start });
  }
  findings.references.sort((a, b) => a.start - b.start);
  return { ...findings, warnings: [], integrities };
};

function add(findings: Findings, latin1: string, node: Node): void {
  const { start, end } = contentOf(node);
  // A folder cannot carry a hash; its modules need entries of their own.
  if (latin1[end - 1] === '/') return;
  addReference(findings, 'html', [start, end], unescapeJson(latin1.slice(start, end)));
}

/** Where a string stands, without its quotes. */
function contentOf({ offset, length }: Node): { readonly start: number; readonly end: number } {
  return { start: offset + 1, end: offset + length - 1 };
}

function members(root: Node | undefined, name: string): readonly (readonly [key: Node, value: Node])[] {
  const found = root?.children?.find(({ children: [key] = [] }) => key?.value === name)?.children?.[1];
  return (found?.children ?? []).flatMap(({ children: [key, value] = [] }) =>
    key && value ? [[key, value] as const] : [],
  );
}
