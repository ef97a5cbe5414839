import { addReference, emptyScan, type Findings, toScan } from '../make-reference.js';
import type { Scanner } from '../reference.js';
import { type JsonPath, unescapeJson, valuesAt } from './json.js';

/** Properties of https://schema.org/ whose values are files. */
const FILES = ['image', 'logo', 'photo', 'thumbnail', 'thumbnailUrl', 'screenshot', 'contentUrl'];

/** A file is named by its URL, by an object such as an `ImageObject`, or by a list of these. */
const PATHS: readonly JsonPath[] = FILES.flatMap((name) => [
  ['**', name],
  ['**', name, '*'],
  ['**', name, 'url'],
  ['**', name, '*', 'url'],
  ['**', name, '@id'],
  ['**', name, '*', '@id'],
]);

/** Finds the images and media of structured data (https://www.w3.org/TR/json-ld11/#embedding-json-ld-in-html-documents). */
export const scanJsonLd: Scanner = (bytes) => {
  const latin1 = bytes.toString('latin1');
  const findings: Findings = { references: [], skipped: [] };
  const values = valuesAt(latin1, PATHS);
  if (values === undefined) return emptyScan();
  for (const { isString, value } of values.flat())
    if (isString) addReference(findings, 'html-json-ld', value, unescapeJson(latin1.slice(...value)));
  return toScan(findings);
};
