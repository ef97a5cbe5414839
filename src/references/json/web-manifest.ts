import { bomLength, utf16Warning } from '../encoding.js';
import { addReference, emptyScan, type Findings, toScan } from '../make-reference.js';
import type { Scanner } from '../reference.js';
import { type JsonPath, unescapeJson, valuesAt } from './json.js';

/** Where a web manifest names files that browsers load. `start_url` and others name pages. */
const PATHS: readonly JsonPath[] = [
  ['icons', '*', 'src'],
  ['screenshots', '*', 'src'],
  ['shortcuts', '*', 'icons', '*', 'src'],
];

/** Finds the images that a web manifest names (https://www.w3.org/TR/appmanifest/). */
export const scanWebManifest: Scanner = (bytes) => {
  const warning = utf16Warning(bytes);
  if (warning) return emptyScan(warning);
  const base = bomLength(bytes);
  const latin1 = bytes.toString('latin1', base);
  const values = valuesAt(latin1, PATHS);
  if (values === undefined) return emptyScan({ code: 'unparsable', message: 'not rewritten: invalid JSON' });
  const findings: Findings = { references: [], skipped: [] };
  for (const { isString, value } of values.flat()) {
    const [start, end] = value;
    const place = [base + start, base + end] as const;
    if (isString) addReference(findings, 'webmanifest', place, unescapeJson(latin1.slice(start, end)));
  }
  return toScan(findings);
};
