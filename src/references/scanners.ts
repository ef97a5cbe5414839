import picomatch from 'picomatch';
import { StaticFilesError } from '../errors.js';
import type { IntegrityValue, Reference, Scan, Scanner } from './reference.js';

/** A scanner of the user's own. */
export interface ScannerOption {
  /** Globs of the logical paths of the files that it is for; there it takes the place of a built-in one. */
  readonly files: string | readonly string[];
  readonly scan: Scanner;
  /** Changes whenever what it finds may change. Without one, its files are read at every run. */
  readonly version?: string;
}

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

/** The user's scanner for a file, if there is one. */
export type CustomScanners = (logicalPath: string) => ChosenScanner | undefined;

/** The first whose globs match is the one. What it says is checked: a wrong offset would publish a broken file. */
export function customScanners(options: readonly ScannerOption[]): CustomScanners {
  const entries = options.map(({ files, scan, version }) => ({
    matches: picomatch(files as string | string[], { dot: true }),
    scan,
    // By its files, which no other scanner has: its place in the list says nothing once the list is another one.
    rememberedAs: version === undefined ? undefined : `own ${JSON.stringify([files, version])}`,
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
  if (!Array.isArray(references)) throw new TypeError('it returned no list of references.');
  let end = 0;
  for (const reference of references) {
    if (!isPlaced(reference, end, length)) {
      throw new TypeError(
        `it returned a reference that is not in order within the file's ${length} bytes: ${JSON.stringify(reference)}.`,
      );
    }
    end = reference.end;
  }
  checkIntegrities(integrities, references, length);
  return { references, skipped, warnings, ...(integrities.length > 0 && { integrities }) };
}

/** They are put in place together with the names in the references, so that all must be in order. */
function checkIntegrities(
  integrities: readonly IntegrityValue[],
  references: readonly Reference[],
  length: number,
): void {
  if (!Array.isArray(integrities)) throw new TypeError('it returned integrities that are not a list.');
  const starts = new Set(references.map(({ start }) => start));
  for (const integrity of integrities) {
    const { start, end, of } = integrity;
    const isInFile = [start, end].every(Number.isInteger) && start >= 0 && start <= end && end <= length;
    if (!isInFile || !starts.has(of)) {
      throw new TypeError(
        `it returned an integrity that is not in the file's ${length} bytes, or of no reference: ${JSON.stringify(integrity)}.`,
      );
    }
  }
  let before = 0;
  for (const { start, end } of [...references, ...integrities].sort((a, b) => a.start - b.start)) {
    if (start < before)
      throw new TypeError(`it returned an integrity that overlaps what ends at byte ${before}.`);
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
