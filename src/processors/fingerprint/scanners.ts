import { scanCss } from '../../references/css.js';
import { scanJavaScript } from '../../references/javascript.js';
import type { Scanner } from '../../references/reference.js';

/** The name of a built-in scanner; `''` where a type of file holds no references. */
export type ScannerName = 'css' | 'javascript' | '';

/** The scanner that a file is looked through with. */
export interface ChosenScanner {
  /** What its findings are remembered under; `undefined` where they must not be. */
  readonly rememberedAs: string | undefined;
  /** A built-in one goes by its name, which another thread understands too; a user's own is a function. */
  readonly scanner: ScannerName | Scanner;
}

const SCANNERS: Readonly<Record<Exclude<ScannerName, ''>, Scanner>> = {
  css: scanCss,
  javascript: scanJavaScript,
};

const NONE: ChosenScanner = { rememberedAs: '', scanner: '' };
const CSS: ChosenScanner = { rememberedAs: 'css', scanner: 'css' };
const JAVASCRIPT: ChosenScanner = { rememberedAs: 'javascript', scanner: 'javascript' };

const BY_EXTENSION: Readonly<Record<string, ChosenScanner>> = { css: CSS, js: JAVASCRIPT, mjs: JAVASCRIPT };

/** The built-in scanner for a type of file; the extension says the type. */
export function builtInScannerFor(logicalPath: string): ChosenScanner {
  const extension = logicalPath.slice(logicalPath.lastIndexOf('.') + 1).toLowerCase();
  return (Object.hasOwn(BY_EXTENSION, extension) && BY_EXTENSION[extension]) || NONE;
}

export function builtInScanner(name: ScannerName): Scanner | undefined {
  return name === '' ? undefined : SCANNERS[name];
}
