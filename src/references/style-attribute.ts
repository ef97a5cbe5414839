import { scanCss } from './css.js';
import { scanAttribute } from './embedded.js';
import type { Unescaped } from './escapes.js';
import type { Reference } from './reference.js';

/**
 * The references in the value of a `style` or presentation attribute.
 *
 * @param start byte offset of the value in the file
 */
export function scanStyleAttribute(text: Unescaped, start: number): readonly Reference[] {
  if (!/url|src|image-set|\\/i.test(text.shape)) return [];
  return scanAttribute(scanCss, text, start)?.references ?? [];
}
