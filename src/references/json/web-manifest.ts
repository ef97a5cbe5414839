import { bomLength, utf16Warning } from '../encoding.js';
import { addReference, emptyScan, type Findings, toScan } from '../make-reference.js';
import type { Scanner } from '../reference.js';
import { type JsonPath, unescapeJson, valuesAt } from './json.js';

/**
 * Where a web manifest names files that browsers load. Images are in `icons` and `screenshots`, at any depth: of
 * `shortcuts`, `file_handlers`, `tab_strip`, `widgets` and what is added next. `start_url` and others name pages.
 */
const FILES: readonly JsonPath[] = [
  ['**', 'icons', '*', 'src'],
  ['**', 'screenshots', '*', 'src'],
  // By language: https://www.w3.org/TR/appmanifest/#x_localized-members
  ['**', 'icons_localized', '*', '*', 'src'],
  ['**', 'screenshots_localized', '*', '*', 'src'],
  // https://learn.microsoft.com/microsoft-edge/progressive-web-apps/how-to/widgets
  ['widgets', '*', 'data'],
  ['widgets', '*', 'ms_ac_template'],
];

/** A service worker should keep its name. https://w3c.github.io/payment-handler/ */
const SERVICE_WORKER: JsonPath = ['serviceworker', 'src'];

/**
 * Finds the files that a web manifest names (https://www.w3.org/TR/appmanifest/ and
 * https://wicg.github.io/manifest-incubations/).
 */
export const scanWebManifest: Scanner = (bytes) => {
  const warning = utf16Warning(bytes);
  if (warning) return emptyScan(warning);
  const base = bomLength(bytes);
  const latin1 = bytes.toString('latin1', base);
  const values = valuesAt(latin1, [...FILES, SERVICE_WORKER]);
  if (values === undefined) return emptyScan({ code: 'unparsable', message: 'not rewritten: invalid JSON' });
  const findings: Findings = { references: [], skipped: [] };
  // A list is valid JSON, and not a manifest.
  if (!latin1.trimStart().startsWith('{')) return toScan(findings);
  const workers = values.at(-1)!;
  for (const each of values.flat()) {
    const [start, end] = each.value;
    const kind = workers.includes(each) ? 'webmanifest-link' : 'webmanifest';
    if (each.isString)
      addReference(findings, kind, [base + start, base + end], unescapeJson(latin1.slice(start, end)));
  }
  return toScan(findings);
};
