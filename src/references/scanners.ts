import type { ExtraAttributes } from './markup/html-attributes.js';
import type { Scanner } from './reference.js';

/**
 * The name of a built-in scanner; `''` for files without references. The name of one with settings includes them, since
 * what it finds depends on them: `html {"img":["data-src"]}`.
 */
export type ScannerName = keyof typeof LOADERS | '' | `html ${string}`;

/** The scanner for a file. */
export interface ChosenScanner {
  /** The key that its findings are cached under; `undefined` if they must not be cached. */
  readonly rememberedAs: string | undefined;
  /** The name of a built-in one, which can be sent to another thread; a custom one is a function. */
  readonly scanner: ScannerName | Scanner;
  /** The name of the built-in one that a custom one extends. */
  readonly extended?: ScannerName;
}

/** Which files get the built-in scanners that not every file of their type gets. */
export interface ScannerRules {
  isWebManifest(logicalPath: string): boolean;
  /** Whether HTML is scanned, or the further attributes in which it has URLs. */
  readonly html: boolean | ExtraAttributes;
}

const LOADERS = {
  css: async () => (await import('./css/css.js')).scanCss,
  javascript: async () => (await import('./javascript/javascript.js')).scanJavaScript,
  svg: async () => (await import('./markup/svg.js')).scanSvg,
  webmanifest: async () => (await import('./json/web-manifest.js')).scanWebManifest,
  html: async () => (await import('./markup/html.js')).scanHtml,
} satisfies Readonly<Record<string, () => Promise<Scanner>>>;

const CHOSEN = Object.fromEntries(
  (['', 'css', 'javascript', 'svg', 'webmanifest', 'html'] as const).map((name) => [
    name,
    { rememberedAs: name, scanner: name },
  ]),
) as Readonly<Record<keyof typeof LOADERS | '', ChosenScanner>>;

/** For a file that is not scanned. */
export const NO_SCANNER: ChosenScanner = CHOSEN[''];

const BY_EXTENSION: Readonly<Record<string, keyof typeof LOADERS>> = {
  css: 'css',
  js: 'javascript',
  mjs: 'javascript',
  svg: 'svg',
};

/** Returns the built-in scanner for a file, by its extension. */
export function builtInScannerFor(logicalPath: string, rules: ScannerRules): ChosenScanner {
  if (rules.isWebManifest(logicalPath)) return CHOSEN.webmanifest;
  if (rules.html !== false && isHtml(logicalPath)) return htmlScannerFor(rules.html);
  const extension = logicalPath.slice(logicalPath.lastIndexOf('.') + 1).toLowerCase();
  return CHOSEN[(Object.hasOwn(BY_EXTENSION, extension) && BY_EXTENSION[extension]) || ''];
}

function htmlScannerFor(html: true | ExtraAttributes): ChosenScanner {
  if (html === true || Object.keys(html).length === 0) return CHOSEN.html;
  const name = `html ${JSON.stringify(html)}` as const;
  return { rememberedAs: name, scanner: name };
}

/** Whether a file is an HTML page, by its extension. */
export function isHtml(logicalPath: string): boolean {
  return /\.html?$/i.test(logicalPath);
}

/** Built-in scanners by name. */
export type LoadedScanners = ReadonlyMap<ScannerName, Scanner>;

/** Loads scanners by name. Their parsers take time to load, so load only those you need. */
export async function loadScanners(names: Iterable<ScannerName>): Promise<LoadedScanners> {
  const loaded = new Map<ScannerName, Scanner>();
  for (const name of new Set(names)) if (name !== '') loaded.set(name, await loadScanner(name));
  return loaded;
}

/** Loads the scanner of web manifests. */
export function loadWebManifestScanner(): Promise<Scanner> {
  return LOADERS.webmanifest();
}

async function loadScanner(name: Exclude<ScannerName, ''>): Promise<Scanner> {
  if (!isHtmlWithAttributes(name)) return LOADERS[name]();
  const { htmlScanner } = await import('./markup/html.js');
  return htmlScanner(JSON.parse(name.slice('html '.length)) as ExtraAttributes);
}

function isHtmlWithAttributes(name: ScannerName): name is `html ${string}` {
  return name.startsWith('html ');
}
