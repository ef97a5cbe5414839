import fs from 'node:fs';
import path from 'node:path';
import type { Host } from './host.js';
import type { KnownHost } from './host-state.js';
import { inTemporaryFolder } from './temporary-folder.js';

/** Reads files of a host as texts. */
export interface Texts {
  /**
   * @param known what the host is known to have, where that was asked
   * @returns `undefined` where there is none
   */
  read(publicPath: string, known: KnownHost | undefined): Promise<string | undefined>;
  /** What was read ahead may no longer be true. */
  forget(): void;
}

/** Bytes of what is read ahead. */
const AHEAD = 64 * 1024 * 1024;

/**
 * Each run of rsync takes its time, and who reads the manifest of one release reads those of the others next: so files
 * of one name are fetched together from all folders, and each is kept until it is asked for, once.
 */
export function textsOf(host: Host, cacheDir: string): Texts {
  const ahead = new Map<string, string>();

  async function fetchAll(publicPaths: readonly string[]): Promise<void> {
    await inTemporaryFolder(cacheDir, async (folder) => {
      await host.pull(publicPaths, folder, NEVER);
      for (const publicPath of publicPaths) {
        const file = path.join(folder, publicPath);
        if (fs.existsSync(file)) ahead.set(publicPath, fs.readFileSync(file, 'utf8'));
      }
    });
  }

  return {
    async read(publicPath, known) {
      if (!ahead.has(publicPath)) await fetchAll([publicPath, ...sameName(publicPath, known)]);
      const text = ahead.get(publicPath);
      ahead.delete(publicPath);
      return text;
    },
    forget: () => ahead.clear(),
  };
}

const NEVER = new AbortController().signal;

function sameName(publicPath: string, known: KnownHost | undefined): readonly string[] {
  const name = path.posix.basename(publicPath);
  let bytes = 0;
  const others: string[] = [];
  for (const [each, { kind, size }] of known?.files ?? []) {
    if (kind !== 'file' || each === publicPath || path.posix.basename(each) !== name) continue;
    bytes += size;
    if (bytes <= AHEAD) others.push(each);
  }
  return others;
}
