import picomatch from 'picomatch';
import { StaticFilesError } from '../errors.js';
import { joinedProperties } from './embedded.js';
import { byStart } from './make-reference.js';
import type { IntegrityValue, Reference, Scan, Scanner } from './reference.js';
import type { ChosenScanner, ScannerName } from './scanners.js';

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
  const urlTests = [first, second].flatMap((scan) => scan.urlTests ?? []);
  const customProperties = joinedProperties([first, second].flatMap((scan) => scan.customProperties ?? []));
  return {
    references,
    skipped: [...first.skipped.filter(isFree), ...second.skipped].sort(byStart),
    warnings: [...first.warnings, ...second.warnings],
    ...(integrities.length > 0 && { integrities: integrities.sort(byStart) }),
    ...(first.inlineHashes && { inlineHashes: first.inlineHashes.filter(isFree) }),
    ...(customProperties && { customProperties }),
    ...(urlTests.length > 0 && { urlTests }),
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
  const { inlineHashes = [], customProperties, urlTests, encoding } = scan ?? {};
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
    ...(urlTests && { urlTests }),
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
