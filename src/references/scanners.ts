import type { Scanner } from './reference.js';

/** The name of a built-in scanner; `''` where a type of file holds no references. */
export type ScannerName = keyof typeof LOADERS | '';

/** The scanner that a file is looked through with. */
export interface ChosenScanner {
  /** What its findings are remembered under; `undefined` where they must not be. */
  readonly rememberedAs: string | undefined;
  /** A built-in one goes by its name, which another thread understands too; a user's own is a function. */
  readonly scanner: ScannerName | Scanner;
}

/** Which of the built-in scanners are chosen, besides those that always are. */
export interface ScannerRules {
  isWebManifest(logicalPath: string): boolean;
  readonly html: boolean;
}

const LOADERS = {
  css: async () => (await import('./css.js')).scanCss,
  javascript: async () => (await import('./javascript.js')).scanJavaScript,
  svg: async () => (await import('./svg.js')).scanSvg,
  webmanifest: async () => (await import('./web-manifest.js')).scanWebManifest,
  html: async () => (await import('./html.js')).scanHtml,
} satisfies Readonly<Record<string, () => Promise<Scanner>>>;

const CHOSEN = Object.fromEntries(
  (['', 'css', 'javascript', 'svg', 'webmanifest', 'html'] as const).map((name) => [
    name,
    { rememberedAs: name, scanner: name },
  ]),
) as Readonly<Record<ScannerName, ChosenScanner>>;

/** For a file that is not looked through. */
export const NO_SCANNER: ChosenScanner = CHOSEN[''];

const BY_EXTENSION: Readonly<Record<string, ScannerName>> = {
  css: 'css',
  js: 'javascript',
  mjs: 'javascript',
  svg: 'svg',
};

/** The built-in scanner for a type of file; the extension says the type. */
export function builtInScannerFor(logicalPath: string, rules: ScannerRules): ChosenScanner {
  if (rules.isWebManifest(logicalPath)) return CHOSEN.webmanifest;
  if (rules.html && isHtml(logicalPath)) return CHOSEN.html;
  const extension = logicalPath.slice(logicalPath.lastIndexOf('.') + 1).toLowerCase();
  return CHOSEN[(Object.hasOwn(BY_EXTENSION, extension) && BY_EXTENSION[extension]) || ''];
}

export function isHtml(logicalPath: string): boolean {
  return /\.html?$/i.test(logicalPath);
}

/** Scanners by their names. */
export type LoadedScanners = ReadonlyMap<ScannerName, Scanner>;

/** Loads those scanners alone: their parsers take time that most runs need not spend. */
export async function loadScanners(names: Iterable<ScannerName>): Promise<LoadedScanners> {
  const loaded = new Map<ScannerName, Scanner>();
  for (const name of new Set(names)) if (name !== '') loaded.set(name, await LOADERS[name]());
  return loaded;
}
