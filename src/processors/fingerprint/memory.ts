import { indexNames } from '../../cache/record.js';
import { isSettled, readStampIfAny, sameStamp } from '../../files/stamp.js';
import { joinTexts, splitTexts, type TextColumn } from '../../files/table.js';
import type { ContentInfo } from '../../model/output.js';
import type { ProcessorCache } from '../processor.js';
import type { FileDigest } from './digest.js';
import { type DigestTable, packDigests, unpackDigests } from './digest-queue.js';

/** What fingerprint knows from earlier runs, so that an unchanged run reads no contents. */
export interface FingerprintMemory {
  /** The digest of a source as it is now, by that scanner. */
  digest(file: string, scanner: string): FileDigest | undefined;
  addDigest(file: string, scanner: string, digest: FileDigest): void;
  /** What was made of contents and insertions, by a key of both. */
  made(key: string): ContentInfo | undefined;
  addMade(key: string, content: ContentInfo): void;
  /**
   * Saves what was used or added, if that is not what was there already.
   *
   * @param later puts it together only when it is written: where more runs follow
   */
  save(later: boolean): void;
}

/** The form that is saved. */
interface Saved {
  readonly form: string;
  readonly files: TextColumn;
  readonly scanners: TextColumn;
  readonly digests: DigestTable;
  readonly madeKeys: TextColumn;
  /** JSON. */
  readonly made: TextColumn;
}

/** Changes whenever what scanners or digests say of the same bytes may change. */
const FORM = '5';

/** Opens what was saved; nothing where it is of another form or algorithm. */
export function openMemory(memory: ProcessorCache, algorithm: string, startedAt: number): FingerprintMemory {
  const form = `${FORM} ${algorithm}`;
  const saved = memory.load() as Saved | undefined;
  const earlier = openSaved(saved?.form === form ? saved : emptyMemory(form));
  const digests = new Map<string, Remembered>();
  const made = new Map<string, ContentInfo>();
  let news = false;

  return {
    digest(file, scanner) {
      const known = earlier.digest(file);
      if (known?.scanner !== scanner) return undefined;
      const stamp = readStampIfAny(file);
      if (stamp === undefined || !sameStamp(known.digest.stamp, stamp)) return undefined;
      digests.set(file, known);
      return known.digest;
    },
    addDigest(file, scanner, digest) {
      if (!isSettled(digest.stamp, startedAt)) return;
      digests.set(file, { scanner, digest });
      news = true;
    },
    made(key) {
      const known = made.get(key) ?? earlier.made(key);
      if (known !== undefined) made.set(key, known);
      return known;
    },
    addMade(key, content) {
      made.set(key, content);
      news = true;
    },
    save(later) {
      if (!news && digests.size === earlier.digestCount && made.size === earlier.madeCount) return;
      const save = () => toSaved(form, digests, made);
      memory.save(later ? save : save());
    },
  };
}

interface Remembered {
  readonly scanner: string;
  readonly digest: FileDigest;
}

function openSaved(saved: Saved) {
  const files = splitTexts(saved.files);
  const scanners = splitTexts(saved.scanners);
  const madeKeys = splitTexts(saved.madeKeys);
  const made = splitTexts(saved.made);
  const indexOf = indexNames(files);
  const indexOfMade = indexNames(madeKeys);
  const digestAt = unpackDigests(saved.digests);
  return {
    digestCount: files.length,
    madeCount: madeKeys.length,
    digest(file: string): Remembered | undefined {
      const index = indexOf(file);
      return index === undefined ? undefined : { scanner: scanners[index]!, digest: digestAt(index) };
    },
    made(key: string): ContentInfo | undefined {
      const index = indexOfMade(key);
      return index === undefined ? undefined : (JSON.parse(made[index]!) as ContentInfo);
    },
  };
}

function emptyMemory(form: string): Saved {
  return toSaved(form, new Map(), new Map());
}

function toSaved(
  form: string,
  digests: ReadonlyMap<string, Remembered>,
  made: ReadonlyMap<string, ContentInfo>,
): Saved {
  const remembered = [...digests.values()];
  return {
    form,
    files: joinTexts([...digests.keys()]),
    scanners: joinTexts(remembered.map(({ scanner }) => scanner)),
    digests: packDigests(remembered.map(({ digest }) => digest)),
    madeKeys: joinTexts([...made.keys()]),
    made: joinTexts(Array.from(made.values(), (content) => JSON.stringify(content))),
  };
}
