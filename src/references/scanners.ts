import picomatch from 'picomatch';
import { StaticFilesError } from '../errors.js';
import { joinedProperties } from './embedded.js';
import { byStart } from './make-reference.js';
import type { ExtraAttributes } from './markup/html-attributes.js';
import type { IntegrityValue, Reference, Scan, Scanner } from './reference.js';

/** A custom scanner. */
export interface ScannerOption {
  /** Globs of logical paths. For these files it replaces a built-in scanner, unless `extends` is true. */
  readonly files: string | readonly string[];
  /** Finds the references in a file's bytes. */
  readonly scan: Scanner;
  /** Whether it adds to what the built-in scanner of the file's type finds (default: false). */
  readonly extends?: boolean;
  /** Change it when the scanner changes. Without a version, each run reads the files again. */
  readonly version?: string;
}

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

/** Returns the custom scanner for a file; `undefined` if there is none. */
export type CustomScanners = (logicalPath: string) => ChosenScanner | undefined;

/**
 * Returns a function that chooses the custom scanner for a file: the first whose globs match. The results of scanners are
 * checked, since a wrong offset would publish a broken file.
 *
 * @param builtInFor returns the built-in scanner for a file, which a custom one may extend
 */
export function customScanners(
  options: readonly ScannerOption[],
  builtInFor: (logicalPath: string) => ChosenScanner,
): CustomScanners {
  const entries = options.map(({ files, scan, version, extends: isExtension = false }) => ({
    matches: picomatch(files as string | string[], { dot: true }),
    ...{ files, scan, version, isExtension },
  }));
  return (logicalPath) => {
    const entry = entries.find(({ matches }) => matches(logicalPath));
    if (entry === undefined) return undefined;
    const { files, scan, version, isExtension } = entry;
    const extended = isExtension ? (builtInFor(logicalPath).scanner as ScannerName) : '';
    return {
      // The key has the globs, not the index in the list: a changed list must not mix up the findings of scanners.
      rememberedAs:
        version === undefined ? undefined : `custom ${JSON.stringify([files, version, extended])}`,
      scanner: checked(scan, logicalPath),
      ...(extended !== '' && { extended }),
    };
  };
}

/**
 * Returns a scanner that finds what both find. Where they overlap, the second one's finding counts.
 *
 * @param second its results must be valid
 */
export function joinedScanner(first: Scanner, second: Scanner): Scanner {
  return (bytes) => joinedScan(first(bytes), second(bytes));
}

function joinedScan(first: Scan, second: Scan): Scan {
  const isFree = freeOf([...second.references, ...second.skipped, ...(second.integrities ?? [])]);
  const references = [...first.references.filter(isFree), ...second.references].sort(byStart);
  const starts = new Set(references.map(({ start }) => start));
  const integrities = [
    ...(first.integrities ?? []).filter((each) => isFree(each) && starts.has(each.of)),
    ...(second.integrities ?? []),
  ];
  const customProperties = joinedProperties([first, second].flatMap((scan) => scan.customProperties ?? []));
  return {
    references,
    skipped: [...first.skipped.filter(isFree), ...second.skipped].sort(byStart),
    warnings: [...first.warnings, ...second.warnings],
    ...(integrities.length > 0 && { integrities: integrities.sort(byStart) }),
    ...(first.inlineHashes && { inlineHashes: first.inlineHashes.filter(isFree) }),
    ...(customProperties && { customProperties }),
    ...(first.encoding !== undefined && { encoding: first.encoding }),
  };
}

interface Range {
  readonly start: number;
  readonly end: number;
}

/** Returns a function that says whether a range overlaps none of the others, which do not overlap each other. */
function freeOf(ranges: readonly Range[]): (range: Range) => boolean {
  const taken = [...ranges].sort(byStart);
  return ({ start, end }) => {
    let low = 0;
    for (let high = taken.length; low < high; ) {
      const middle = (low + high) >> 1;
      if (taken[middle]!.end <= start) low = middle + 1;
      else high = middle;
    }
    return low === taken.length || taken[low]!.start >= end;
  };
}

function checked(scan: Scanner, logicalPath: string): Scanner {
  return (bytes) => {
    try {
      return checkedScan(scan(bytes), bytes.length);
    } catch (cause) {
      const message = cause instanceof Error ? cause.message : String(cause);
      throw new StaticFilesError('plugin', `The scanner for '${logicalPath}' failed: ${message}`, { cause });
    }
  };
}

function checkedScan(scan: Scan, length: number): Scan {
  const { references, skipped = [], warnings = [], integrities = [] } = scan ?? {};
  const { inlineHashes = [], customProperties, encoding } = scan ?? {};
  if (!Array.isArray(references)) throw new TypeError('it must return an object with a list of references.');
  let end = 0;
  for (const reference of references) {
    if (!isPlaced(reference, end, length)) {
      throw new TypeError(
        `it returned a reference that is out of order, or outside the file's ${length} bytes: ${JSON.stringify(reference)}.`,
      );
    }
    end = reference.end;
  }
  checkIntegrities(integrities, references, length);
  checkPlaces(inlineHashes, [...references, ...integrities], length);
  return {
    ...{ references, skipped, warnings },
    ...(integrities.length > 0 && { integrities }),
    ...(inlineHashes.length > 0 && { inlineHashes }),
    ...(customProperties && { customProperties }),
    ...(encoding !== undefined && { encoding: new TextDecoder(encoding).encoding }),
  };
}

function checkIntegrities(
  integrities: readonly IntegrityValue[],
  references: readonly Reference[],
  length: number,
): void {
  checkPlaces(integrities, references, length);
  const starts = new Set(references.map(({ start }) => start));
  const unknown = integrities.find(({ of }) => !starts.has(of));
  if (unknown)
    throw new TypeError(`it returned an integrity of an unknown reference: ${JSON.stringify(unknown)}.`);
}

/** Integrity values and hashes are replaced together with the references, so they must not overlap. */
function checkPlaces(places: readonly Range[], others: readonly Range[], length: number): void {
  if (!Array.isArray(places)) throw new TypeError('integrities and inlineHashes must be lists.');
  for (const place of places) {
    const { start, end } = place;
    if (![start, end].every(Number.isInteger) || start < 0 || start > end || end > length) {
      throw new TypeError(
        `it returned a place outside the file's ${length} bytes: ${JSON.stringify(place)}.`,
      );
    }
  }
  let before = 0;
  for (const { start, end } of [...others, ...places].sort(byStart)) {
    if (start < before)
      throw new TypeError(`it returned a place that overlaps another one at byte ${start}.`);
    before = end;
  }
}

function isPlaced(
  { kind, url, start, end, insertionOffset }: Reference,
  from: number,
  length: number,
): boolean {
  const offsets = [from, start, insertionOffset, end, length];
  const ascending = offsets.every((offset, index) => index === 0 || offset >= offsets[index - 1]!);
  return ascending && offsets.every(Number.isInteger) && typeof url === 'string' && typeof kind === 'string';
}
