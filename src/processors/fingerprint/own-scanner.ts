import picomatch from 'picomatch';
import { StaticFilesError } from '../../errors.js';
import type { IntegrityValue, Reference, Scan, Scanner } from '../../references/reference.js';
import type { ChosenScanner } from '../../references/scanners.js';
import type { ScannerOption } from './options.js';

/** The user's scanner for a file, if there is one. */
export type OwnScanners = (logicalPath: string) => ChosenScanner | undefined;

/** The first whose globs match is the one. What it says is checked: a wrong offset would publish a broken file. */
export function ownScanners(options: readonly ScannerOption[]): OwnScanners {
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
