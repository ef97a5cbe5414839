import { type FileStamp, isSettled, readStampIfAny, sameStamp } from '../../files/stamp.js';
import {
  type Column,
  converted,
  defineTable,
  group,
  type PackedTable,
  stamp,
  text,
} from '../../files/table.js';
import type { ContentInfo } from '../../model/output.js';
import type { NamedString } from '../../references/strings/named-string.js';
import type { ProcessorCache } from '../processor.js';
import type { FileDigest } from './digest.js';
import { CONTENT, DIGEST } from './digest-queue.js';

/** Digests of earlier runs, and the results of rewriting. A run without changes reads no file contents. */
export interface FingerprintMemory {
  /** Returns the digest of a file by that scanner, if the file has not changed since. */
  digest(file: string, scanner: string): FileDigest | undefined;
  addDigest(file: string, scanner: string, digest: FileDigest): void;
  /** Returns the strings in a file that look like names of files, if the file has not changed since. */
  strings(file: string): readonly NamedString[] | undefined;
  addStrings(file: string, stamp: FileStamp, strings: readonly NamedString[]): void;
  /** Returns the content that was made of a file and insertions, by a key of both. */
  made(key: string): ContentInfo | undefined;
  addMade(key: string, content: ContentInfo): void;
  /**
   * Saves what was used or added, unless exactly that is saved already. It is packed when the record is written: packed, it
   * takes more memory, since outputs share most of it.
   */
  save(): void;
}

/** Raise it when scanners or digests may give other results for the same bytes. */
const VERSION = '6';

interface Remembered {
  readonly scanner: string;
  readonly digest: FileDigest;
}

const REMEMBERED: Column<Remembered> = group({ scanner: text, digest: DIGEST });

interface FileStrings {
  readonly stamp: FileStamp;
  readonly strings: readonly NamedString[];
}

const STRINGS: Column<FileStrings> = group({
  stamp,
  strings: converted(
    text,
    (strings: readonly NamedString[]) => (strings.length === 0 ? '' : JSON.stringify(strings)),
    (packed) => (packed === '' ? [] : (JSON.parse(packed) as NamedString[])),
  ),
});

interface Saved {
  /** By file. */
  readonly digests: PackedTable;
  /** By key. */
  readonly made: PackedTable;
  /** By file. */
  readonly strings: PackedTable;
}

/** Opens what an earlier run with the same algorithm saved. */
export function openMemory(cache: ProcessorCache, algorithm: string, startedAt: number): FingerprintMemory {
  const digestTable = defineTable(`digests ${VERSION} ${algorithm}`, REMEMBERED);
  const madeTable = defineTable(`made ${VERSION} ${algorithm}`, CONTENT);
  const stringTable = defineTable(`strings ${VERSION}`, STRINGS);
  const saved = cache.load() as Partial<Saved> | undefined;
  const earlierDigests = digestTable.open(saved?.digests);
  const earlierMade = madeTable.open(saved?.made);
  const earlierStrings = stringTable.open(saved?.strings);
  const digests = new Map<string, Remembered>();
  const made = new Map<string, ContentInfo>();
  const strings = new Map<string, FileStrings>();
  let hasNew = false;

  return {
    digest(file, scanner) {
      const known = earlierDigests.get(file);
      if (known?.scanner !== scanner) return undefined;
      const stamp = readStampIfAny(file);
      if (stamp === undefined || !sameStamp(known.digest.stamp, stamp)) return undefined;
      digests.set(file, known);
      return known.digest;
    },
    addDigest(file, scanner, digest) {
      if (!isSettled(digest.stamp, startedAt)) return;
      digests.set(file, { scanner, digest });
      hasNew = true;
    },
    strings(file) {
      const known = strings.get(file) ?? earlierStrings.get(file);
      const now = known && readStampIfAny(file);
      if (known === undefined || now === undefined || !sameStamp(known.stamp, now)) return undefined;
      strings.set(file, known);
      return known.strings;
    },
    addStrings(file, stamp, found) {
      if (!isSettled(stamp, startedAt)) return;
      strings.set(file, { stamp, strings: found });
      hasNew = true;
    },
    made(key) {
      const known = made.get(key) ?? earlierMade.get(key);
      if (known !== undefined) made.set(key, known);
      return known;
    },
    addMade(key, content) {
      made.set(key, content);
      hasNew = true;
    },
    save() {
      const isSame =
        digests.size === earlierDigests.keys.length &&
        made.size === earlierMade.keys.length &&
        strings.size === earlierStrings.keys.length;
      if (isSame && !hasNew) return;
      const pack = (): Saved => ({
        digests: digestTable.pack(digests, digests.size),
        made: madeTable.pack(made, made.size),
        strings: stringTable.pack(strings, strings.size),
      });
      cache.save(pack);
    },
  };
}
