import { addReference, type Findings, toScan } from '../make-reference.js';
import type { IntegrityValue, Scanner } from '../reference.js';
import type { Span } from '../source-map-comment.js';
import { unescapeJson, valuesAt } from './json.js';

/** Where values are URLs. Under `integrity` the names are. */
const URLS = [
  ['imports', '*'],
  ['scopes', '*', '*'],
];

const INTEGRITY = ['integrity', '*'];

/**
 * Finds the URLs of an import map (https://html.spec.whatwg.org/#import-maps): the targets of specifiers, and the names
 * under `integrity`, whose values follow the files' bytes.
 */
export const scanImportMap: Scanner = (bytes) => {
  const latin1 = bytes.toString('latin1');
  const findings: Findings = { references: [], skipped: [] };
  const integrities: IntegrityValue[] = [];
  const [imports = [], scopes = [], integrity = []] = valuesAt(latin1, [...URLS, INTEGRITY]) ?? [];
  for (const { isString, value } of [...imports, ...scopes]) if (isString) add(findings, latin1, value);
  for (const { key, isString, value } of integrity) {
    if (key === undefined) continue;
    add(findings, latin1, key);
    if (isString) integrities.push({ start: value[0], end: value[1], of: key[0] });
  }
  return { ...toScan(findings), integrities };
};

function add(findings: Findings, latin1: string, [start, end]: Span): void {
  // A folder has no fingerprint. Its modules need entries of their own.
  if (latin1[end - 1] === '/') return;
  addReference(findings, 'html', [start, end], unescapeJson(latin1.slice(start, end)));
}
