import picomatch from 'picomatch';
import { StaticFilesError } from '../errors.js';
import { byStart } from './make-reference.js';
import type { IntegrityValue, Reference, Scan, Scanner } from './reference.js';

/** A custom scanner. */
export interface ScannerOption {
  /** Globs of logical paths. For these files it replaces a built-in scanner. */
  readonly files: string | readonly string[];
  /** Finds the references in a file's bytes. */
  readonly scan: Scanner;
  /** Change it when the scanner changes. Without a version, each run reads the files again. */
  readonly version?: string;
}

/** The name of a built-in scanner; `''` for files without references. */
export type ScannerName = keyof typeof LOADERS | '';

/** The scanner for a file. */
export interface ChosenScanner {
  /** The key that its findings are cached under; `undefined` if they must not be cached. */
  readonly rememberedAs: string | undefined;
  /** The name of a built-in one, which can be sent to another thread; a custom one is a function. */
  readonly scanner: ScannerName | Scanner;
}

/** Which files get the built-in scanners that not every file of their type gets. */
export interface ScannerRules {
  isWebManifest(logicalPath: string): boolean;
  readonly html: boolean;
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
) as Readonly<Record<ScannerName, ChosenScanner>>;

/** For a file that is not scanned. */
export const NO_SCANNER: ChosenScanner = CHOSEN[''];

const BY_EXTENSION: Readonly<Record<string, ScannerName>> = {
  css: 'css',
  js: 'javascript',
  mjs: 'javascript',
  svg: 'svg',
};

/** Returns the built-in scanner for a file, by its extension. */
export function builtInScannerFor(logicalPath: string, rules: ScannerRules): ChosenScanner {
  if (rules.isWebManifest(logicalPath)) return CHOSEN.webmanifest;
  if (rules.html && isHtml(logicalPath)) return CHOSEN.html;
  const extension = logicalPath.slice(logicalPath.lastIndexOf('.') + 1).toLowerCase();
  return CHOSEN[(Object.hasOwn(BY_EXTENSION, extension) && BY_EXTENSION[extension]) || ''];
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
  for (const name of new Set(names)) if (name !== '') loaded.set(name, await LOADERS[name]());
  return loaded;
}

/** Returns the custom scanner for a file; `undefined` if there is none. */
export type CustomScanners = (logicalPath: string) => ChosenScanner | undefined;

/**
 * Returns a function that chooses the custom scanner for a file: the first whose globs match. The results of scanners are
 * checked, since a wrong offset would publish a broken file.
 */
export function customScanners(options: readonly ScannerOption[]): CustomScanners {
  const entries = options.map(({ files, scan, version }) => ({
    matches: picomatch(files as string | string[], { dot: true }),
    scan,
    // The key has the globs, not the index in the list: a changed list must not mix up the findings of scanners.
    rememberedAs: version === undefined ? undefined : `custom ${JSON.stringify([files, version])}`,
  }));
  return (logicalPath) => {
    const entry = entries.find(({ matches }) => matches(logicalPath));
    return entry && { rememberedAs: entry.rememberedAs, scanner: checked(entry.scan, logicalPath) };
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
  return { references, skipped, warnings, ...(integrities.length > 0 && { integrities }) };
}

/** Integrity values are replaced together with the references, so they must not overlap. */
function checkIntegrities(
  integrities: readonly IntegrityValue[],
  references: readonly Reference[],
  length: number,
): void {
  if (!Array.isArray(integrities)) throw new TypeError('integrities must be a list.');
  const starts = new Set(references.map(({ start }) => start));
  for (const integrity of integrities) {
    const { start, end, of } = integrity;
    const isInFile = [start, end].every(Number.isInteger) && start >= 0 && start <= end && end <= length;
    if (!isInFile || !starts.has(of)) {
      throw new TypeError(
        `it returned an integrity outside the file's ${length} bytes, or of an unknown reference: ${JSON.stringify(integrity)}.`,
      );
    }
  }
  let before = 0;
  for (const { start, end } of [...references, ...integrities].sort(byStart)) {
    if (start < before)
      throw new TypeError(`it returned an integrity that overlaps a place that ends at byte ${before}.`);
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
