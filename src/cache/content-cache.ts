import path from 'node:path';
import type { Warning } from '../model/static-file.js';
import { cacheProblem, makeCacheFolder } from './cache-folder.js';
import { contentHash, type Pack, type PackEntry, packReader } from './pack-file.js';
import { addPack, mergePacks, PACK_BYTES, packsFolder, readPacks, tooSmall } from './packs.js';
import { DAY_MS, markUsed, readUses, type Uses, usesFolder, writeUses } from './uses.js';

/** Bytes in the cache. */
export interface CachedContent {
  /** Bytes. */
  readonly size: number;
  /** SHA-384 of the bytes, in base64. */
  readonly hash: string;
  /** Returns the bytes; `undefined` if they are gone, unreadable or damaged. */
  read(): Buffer | undefined;
}

/** Cache of contents by name, in a few files. Any number of runs and projects may share it. */
export interface ContentCache {
  find(name: string): CachedContent | undefined;
  /**
   * Whether an earlier run of this project has verified a content. The proof is a hash, so it is valid in a copy of the
   * cache too. What has changed since has another hash, or is noticed when it is read.
   */
  isProven(name: string): boolean;
  add(name: string, bytes: Buffer): CachedContent;
  /** Notes that this run needs a content, and has verified that its name is right. */
  use(name: string): void;
  /** Writes what was added. */
  flush(): void;
  /** Writes what was added, and the list of uses for the next run and for `staticfiles cache --prune`. */
  save(): void;
}

export interface ContentCacheOptions {
  readonly cacheDir: string;
  /** File name of the list of uses. Projects that share a cache folder have different ones. */
  readonly owner: string;
  warn(warning: Warning): void;
}

/** A content that this run has added, first in memory, then in a pack. */
interface Added {
  readonly name: string;
  bytes: Buffer | undefined;
  entry?: PackEntry;
}

/** Bytes that stay in memory until they are published, if the folder cannot be written. */
const MOST_HELD = 64 * PACK_BYTES;

/** Opens the cache of contents. A folder that cannot be read or written is a warning. */
export function openContentCache({ cacheDir, owner, warn }: ContentCacheOptions): ContentCache {
  const folder = packsFolder(cacheDir);
  const list = path.join(usesFolder(cacheDir), owner);
  const entries = new Map<string, PackEntry>();
  const proofs = new Map<string, string>();
  const readPacked = packReader();
  let isTrusted = true;
  const used = new Set<string>();
  let adding: Added[] = [];
  let addingBytes = 0;
  let heldBytes = 0;
  let isWritable = true;

  const unreadable = (error: unknown) => warn(cacheProblem(cacheDir, 'read', error));

  /** Gives up after the first failure: a full disk would fail for each pack. */
  function write(step: () => void): void {
    if (!isWritable) return;
    try {
      step();
    } catch (error) {
      isWritable = false;
      warn(cacheProblem(cacheDir, 'write', error));
    }
  }

  function openPacks(): readonly Pack[] {
    const packs = readPacks(folder, unreadable);
    const small = tooSmall(packs);
    if (small.length === 0) return packs;
    write(() => mergePacks(folder, small));
    return readPacks(folder, unreadable);
  }

  function openUses(): Uses {
    try {
      return readUses(list);
    } catch (error) {
      unreadable(error);
      return { names: new Set(), packs: new Map() };
    }
  }

  /** Reads a content. After the first damaged one, the next run of the project verifies all contents again. */
  function read(entry: PackEntry): Buffer | undefined {
    const bytes = readPacked(entry);
    if (bytes === undefined && isTrusted) {
      isTrusted = false;
      write(() => writeUses(list, { names: used, packs: new Map() }));
    }
    return bytes;
  }

  function take(pack: Pack): void {
    proofs.set(pack.file, pack.proof);
    for (const entry of pack.entries) entries.set(entry.name, entry);
  }

  for (const pack of openPacks()) take(pack);
  const before = openUses();

  /** Keeps contents in memory that could not be written, up to the limit. */
  function hold(contents: readonly Added[]): void {
    for (const content of contents) {
      heldBytes += content.bytes!.length;
      if (heldBytes > MOST_HELD) content.bytes = undefined;
    }
  }

  function flush(): void {
    const contents = adding;
    if (contents.length === 0) return;
    adding = [];
    addingBytes = 0;
    const day = Math.floor(Date.now() / DAY_MS);
    write(() => {
      makeCacheFolder(cacheDir);
      const pack = addPack(
        folder,
        contents.map(({ name, bytes }) => ({ name, bytes: bytes!, day })),
      );
      take(pack);
      contents.forEach((content, index) => {
        content.entry = pack.entries[index]!;
        content.bytes = undefined;
      });
    });
    if (!isWritable) hold(contents);
  }

  /** Returns the packs with the contents that this run has used. */
  function usedPacks(): Uses['packs'] {
    const packs = new Set<string>();
    for (const name of used) {
      const entry = entries.get(name);
      if (entry) packs.add(entry.pack);
    }
    return new Map(Array.from(packs, (pack) => [path.basename(pack), proofs.get(pack)!]));
  }

  return {
    find(name) {
      const entry = entries.get(name);
      return entry && { size: entry.size, hash: entry.hash, read: () => read(entry) };
    },
    isProven(name) {
      const pack = entries.get(name)?.pack;
      if (pack === undefined || !before.names.has(name)) return false;
      return before.packs.get(path.basename(pack)) === proofs.get(pack);
    },
    add(name, bytes) {
      const content: Added = { name, bytes };
      adding.push(content);
      addingBytes += bytes.length;
      used.add(name);
      if (addingBytes >= PACK_BYTES) flush();
      return {
        size: bytes.length,
        hash: contentHash(bytes),
        read: () => content.bytes ?? (content.entry && read(content.entry)),
      };
    },
    use: (name) => used.add(name),
    flush,
    save() {
      flush();
      const uses = { names: used, packs: usedPacks() };
      write(() => (isSame(uses, before) && isTrusted ? markUsed(list) : writeUses(list, uses)));
    },
  };
}

function isSame(a: Uses, b: Uses): boolean {
  return (
    a.names.size === b.names.size &&
    a.packs.size === b.packs.size &&
    [...a.names].every((name) => b.names.has(name)) &&
    [...a.packs].every(([file, proof]) => b.packs.get(file) === proof)
  );
}
