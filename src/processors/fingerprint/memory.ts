import { type FileStamp, isSettled, sameStamp } from '../../file-stamp.js';
import type { ContentFacts } from '../../output.js';
import type { ProcessorMemory } from '../processor.js';
import type { FileDigest } from './digest.js';

/** What fingerprint knows from earlier runs, so that an unchanged run reads no contents. */
export interface FingerprintMemory {
  /** The digest of a source in that state. */
  digest(file: string, stamp: FileStamp): FileDigest | undefined;
  addDigest(file: string, digest: FileDigest): void;
  /** What was made of contents and insertions, by a key of both. */
  made(key: string): ContentFacts | undefined;
  addMade(key: string, content: ContentFacts): void;
  /** Saves what this run used or added, if that is not what was there already. */
  save(): void;
}

/** The form that is saved. */
interface Saved {
  readonly form: string;
  readonly digests: Readonly<Record<string, FileDigest>>;
  readonly made: Readonly<Record<string, ContentFacts>>;
}

/** Changes whenever what scanners or digests say of the same bytes may change. */
const FORM = '1';

/** Opens what was saved; nothing where it is of another form or algorithm. */
export function openMemory(memory: ProcessorMemory, algorithm: string, startedAt: number): FingerprintMemory {
  const form = `${FORM} ${algorithm}`;
  const saved = memory.load() as Partial<Saved> | undefined;
  const usable = saved?.form === form;
  const earlier = {
    digests: new Map(Object.entries((usable && saved?.digests) || {})),
    made: new Map(Object.entries((usable && saved?.made) || {})),
  };
  const used = { digests: new Map<string, FileDigest>(), made: new Map<string, ContentFacts>() };
  let news = false;

  return {
    digest(file, stamp) {
      const known = earlier.digests.get(file);
      if (known === undefined || !sameStamp(known.stamp, stamp)) return undefined;
      used.digests.set(file, known);
      return known;
    },
    addDigest(file, digest) {
      if (!isSettled(digest.stamp, startedAt)) return;
      used.digests.set(file, digest);
      news = true;
    },
    made(key) {
      const known = earlier.made.get(key) ?? used.made.get(key);
      if (known !== undefined) used.made.set(key, known);
      return known;
    },
    addMade(key, content) {
      used.made.set(key, content);
      news = true;
    },
    save() {
      const same = used.digests.size === earlier.digests.size && used.made.size === earlier.made.size;
      if (!news && same) return;
      const digests = Object.fromEntries(used.digests);
      memory.save({ form, digests, made: Object.fromEntries(used.made) } satisfies Saved);
    },
  };
}
