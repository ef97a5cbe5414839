import { bomLength, utf16Warning } from '../encoding.js';
import { addReference, type Findings } from '../make-reference.js';
import type { Scanner } from '../reference.js';
import { type JsonPath, unescapeJson, valuesAt } from './json.js';

/** Where a web manifest names files that browsers load. Pages, such as `start_url`, are none of these. */
const PATHS: readonly JsonPath[] = [
  ['icons', '*', 'src'],
  ['screenshots', '*', 'src'],
  ['shortcuts', '*', 'icons', '*', 'src'],
];

/** Finds the images that a web manifest names (https://www.w3.org/TR/appmanifest/). */
export const scanWebManifest: Scanner = (bytes) => {
  const findings: Findings = { references: [], skipped: [] };
  const warning = utf16Warning(bytes);
  if (warning) return { ...findings, warnings: [warning] };
  const base = bomLength(bytes);
  const latin1 = bytes.toString('latin1', base);
  const values = valuesAt(latin1, PATHS);
  if (values === undefined) {
    return { ...findings, warnings: [{ code: 'unparsable', message: 'it is not valid JSON' }] };
  }
  for (const { isString, value } of values.flat()) {
    const [start, end] = value;
    const place = [base + start, base + end] as const;
    if (isString) addReference(findings, 'webmanifest', place, unescapeJson(latin1.slice(start, end)));
  }
  findings.references.sort((a, b) => a.start - b.start);
  return { ...findings, warnings: [] };
};
