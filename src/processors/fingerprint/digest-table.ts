import type { Scan } from '../../references/reference.js';
import { createStampColumns, type StampColumns, setStamp, stampAt } from '../../stamp-columns.js';
import { joinTexts, splitTexts, type TextColumn } from '../../text-column.js';
import type { FileDigest } from './digest.js';

/** Many digests as columns, in which they go to another thread or to disk. */
export interface DigestTable {
  readonly stamps: StampColumns;
  readonly hashes: TextColumn;
  readonly integrities: TextColumn;
  /** JSON; `''` for a file of a type that holds no references, `-` for one that could and holds none. */
  readonly scans: TextColumn;
}

const NOTHING_FOUND: Scan = { references: [], skipped: [], warnings: [] };

export function packDigests(digests: readonly FileDigest[]): DigestTable {
  const stamps = createStampColumns(digests.length);
  digests.forEach(({ stamp }, index) => {
    setStamp(stamps, index, stamp);
  });
  return {
    stamps,
    hashes: joinTexts(digests.map(({ content }) => content.hash)),
    integrities: joinTexts(digests.map(({ content }) => content.integrity)),
    scans: joinTexts(digests.map(({ scan }) => packScan(scan))),
  };
}

/** The digests of a table by index, each made when it is asked for. */
export function unpackDigests(table: DigestTable): (index: number) => FileDigest {
  const hashes = splitTexts(table.hashes);
  const integrities = splitTexts(table.integrities);
  const scans = splitTexts(table.scans);
  return (index) => {
    const stamp = stampAt(table.stamps, index)!;
    const content = { hash: hashes[index]!, size: stamp.size, integrity: integrities[index]! };
    return { content, scan: unpackScan(scans[index]!), stamp };
  };
}

function packScan(scan: Scan | undefined): string {
  if (scan === undefined) return '';
  const { references, skipped, warnings } = scan;
  return references.length + skipped.length + warnings.length === 0 ? '-' : JSON.stringify(scan);
}

function unpackScan(packed: string): Scan | undefined {
  if (packed === '') return undefined;
  return packed === '-' ? NOTHING_FOUND : (JSON.parse(packed) as Scan);
}
