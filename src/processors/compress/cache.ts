import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { contentFacts } from '../../content-facts.js';
import type { Encoding } from '../../encodings.js';
import { type FileStamp, readStamp, readStampIfAny, sameStamp } from '../../file-stamp.js';
import type { ContentFacts } from '../../output.js';
import { replaceFile } from '../../replace-file.js';
import { joinTexts, splitTexts, type TextColumn } from '../../text-column.js';
import type { ProcessorMemory } from '../processor.js';

/** A variant as it lies in the cache. */
export interface CachedVariant {
  /** Absolute path. */
  readonly file: string;
  readonly stamp: FileStamp;
  /** None where compressing is not worth it. */
  readonly content: ContentFacts | undefined;
}

/** What an entry holds where compressing a content is not worth it. */
const NOT_WORTH_IT = Buffer.from('not worth it');

/** Compressed contents, each kept once in a folder, whoever wants it: other projects and CI machines too. */
export interface CompressionCache {
  /** What is kept of a content; an entry that this project has not used before is looked through first. */
  find(content: ContentFacts, encoding: Encoding): Promise<CachedVariant | undefined>;
  /** Keeps a variant, or that it is not worth it. */
  add(content: ContentFacts, encoding: Encoding, compressed: Buffer | undefined): CachedVariant;
  /**
   * Remembers, and notes for `staticfiles cache --prune`, what was used.
   *
   * @param later puts what is remembered together only when it is written: where more runs follow
   */
  save(later: boolean): void;
}

/** Changes with {@link Saved}. */
export const MEMORY_VERSION = 'staticfiles compress 1';

interface Saved {
  readonly names: TextColumn;
  /** JSON of {@link CachedVariant} without its file. */
  readonly variants: TextColumn;
}

/**
 * Opens the cache.
 *
 * @param folder absolute; made when something is added
 * @param owner tells the destinations that use one cache apart
 */
export function openCache(folder: string, owner: string, memory: ProcessorMemory): CompressionCache {
  const known = restore(memory.load() as Saved | undefined);
  const used = new Map<string, CachedVariant>();

  function use(name: string, variant: CachedVariant): CachedVariant {
    used.set(name, variant);
    return variant;
  }

  return {
    async find(content, encoding) {
      const name = entryName(content, encoding);
      const file = path.join(folder, name);
      const stamp = readStampIfAny(file);
      if (stamp === undefined) return undefined;
      const before = known.get(name);
      if (before && sameStamp(before.stamp, stamp)) return use(name, { ...before, file });
      const facts = await lookThrough(file, content, encoding);
      return facts && use(name, { file, stamp, content: facts.content });
    },
    add(content, encoding, compressed) {
      const name = entryName(content, encoding);
      const file = path.join(folder, name);
      replaceFile(file, compressed ?? NOT_WORTH_IT);
      const facts = compressed && contentFacts(compressed, 'md5');
      return use(name, { file, stamp: readStamp(file), content: facts });
    },
    save(later) {
      const list = path.join(folder, 'uses', owner);
      const same = !later && isAsSaved(toSaved(used), memory);
      if (!same) memory.save(later ? () => toSaved(used) : toSaved(used));
      if (!same || !isOfToday(list))
        replaceFile(list, Buffer.from(`${[...used.keys()].sort().join('\n')}\n`));
    },
  };
}

function toSaved(used: ReadonlyMap<string, CachedVariant>): Saved {
  const names = [...used.keys()].sort();
  const variants = names.map((name) => {
    const { stamp, content } = used.get(name)!;
    return JSON.stringify({ stamp, content });
  });
  return { names: joinTexts(names), variants: joinTexts(variants) };
}

function isAsSaved({ names, variants }: Saved, memory: ProcessorMemory): boolean {
  const before = memory.load() as Saved | undefined;
  return before?.names === names && before.variants === variants;
}

function restore(saved: Saved | undefined): ReadonlyMap<string, Omit<CachedVariant, 'file'>> {
  if (saved === undefined) return new Map();
  const variants = splitTexts(saved.variants);
  return new Map(splitTexts(saved.names).map((name, index) => [name, JSON.parse(variants[index]!)]));
}

/** By content and by all on which the bytes depend: `ab/cd…-br-11-1.1.0`. */
function entryName({ integrity, size }: ContentFacts, encoding: Encoding): string {
  const key = createHash('sha256').update(integrity).digest('hex');
  return path.join(key.slice(0, 2), `${key.slice(2)}-${encoding.settings(size)}`);
}

/** The time of the list is that of the last use of all that it names. */
function isOfToday(list: string): boolean {
  const listed = readStampIfAny(list)?.mtimeMs ?? 0;
  return listed > Date.now() - 24 * 60 * 60 * 1000;
}

/** Whether an entry is whole: a cache may have been restored in part, or damaged. `undefined` where it is not. */
async function lookThrough(file: string, content: ContentFacts, encoding: Encoding) {
  const bytes = fs.readFileSync(file);
  if (bytes.equals(NOT_WORTH_IT)) return { content: undefined };
  try {
    const { integrity } = contentFacts(await encoding.decompress(bytes), 'md5');
    return integrity === content.integrity ? { content: contentFacts(bytes, 'md5') } : undefined;
  } catch {
    return undefined;
  }
}
