import { scanCss } from '../../references/css.js';
import { scanJavaScript } from '../../references/javascript.js';
import type { Scanner } from '../../references/reference.js';

/** The name of a built-in scanner; `''` where a type of file holds no references. */
export type ScannerName = 'css' | 'javascript' | '';

const SCANNERS: Readonly<Record<Exclude<ScannerName, ''>, Scanner>> = {
  css: scanCss,
  javascript: scanJavaScript,
};

const BY_EXTENSION: Readonly<Record<string, ScannerName>> = {
  css: 'css',
  js: 'javascript',
  mjs: 'javascript',
};

/** The scanner for a type of file; the extension says the type. */
export function scannerNameFor(logicalPath: string): ScannerName {
  const extension = logicalPath.slice(logicalPath.lastIndexOf('.') + 1).toLowerCase();
  return (Object.hasOwn(BY_EXTENSION, extension) && BY_EXTENSION[extension]) || '';
}

export function builtInScanner(name: ScannerName): Scanner | undefined {
  return name === '' ? undefined : SCANNERS[name];
}
