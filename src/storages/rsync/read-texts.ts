import fs from 'node:fs';
import path from 'node:path';
import type { Host } from './host.js';
import type { KnownHost } from './host-state.js';
import { inTemporaryFolder } from './temporary-folder.js';

/** Reads files of a host as text. */
export interface Texts {
  /**
   * @param known the host's files, if the run has looked
   * @returns `undefined` if there is no such file
   */
  read(publicPath: string, known: KnownHost | undefined): Promise<string | undefined>;
  /** Drops what was read ahead, which may be out of date. */
  forget(): void;
}

/** How many bytes are read ahead at most. */
const AHEAD = 64 * 1024 * 1024;

/**
 * Returns a reader that fetches files of one name from all folders together, since each run of rsync takes time, and the
 * manifests of all releases are read together. Each text is kept until it is read once. One call waits for the other, since
 * its text may come with the other's.
 */
export function textsOf(host: Host, cacheDir: string): Texts {
  const ahead = new Map<string, string>();
  let last: Promise<unknown> = Promise.resolve();

  async function fetchAll(publicPaths: readonly string[]): Promise<void> {
    await inTemporaryFolder(cacheDir, async (folder) => {
      await host.pull(publicPaths, folder, NEVER);
      for (const publicPath of publicPaths) {
        const file = path.join(folder, publicPath);
        if (fs.existsSync(file)) ahead.set(publicPath, fs.readFileSync(file, 'utf8'));
      }
    });
  }

  async function readNext(publicPath: string, known: KnownHost | undefined): Promise<string | undefined> {
    if (!ahead.has(publicPath)) await fetchAll([publicPath, ...sameName(publicPath, known)]);
    const text = ahead.get(publicPath);
    ahead.delete(publicPath);
    return text;
  }

  return {
    read(publicPath, known) {
      const reading = last.then(() => readNext(publicPath, known));
      last = reading.catch(() => {});
      return reading;
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
