import fs from 'node:fs';
import path from 'node:path';
import { foldersOf } from '../../model/public-path.js';
import { type ListedFile, parseListing, parseMd5s } from './listing.js';
import { isDaemon, isRemote, moduleOf, type RsyncRules } from './options.js';
import { explained, isFailureOfRsync, isFolderMissing, type RunOptions, runRsync } from './program.js';
import { inTemporaryFolder } from './temporary-folder.js';

export interface PushOptions {
  /** Give all files their names at the end, at almost the same moment. For files that replace others which belong together. */
  readonly together: boolean;
  /** Replace folders, with everything in them, by files of the same name. */
  readonly force: boolean;
  /** Called now and then with the number of further files sent, and their bytes. */
  onSent?(files: number, bytes: number): void;
  readonly signal: AbortSignal;
}

/** One destination. Each call runs rsync once. All paths are below the destination. */
export interface Host {
  /** In rsync's form. Ends in `/`. */
  readonly destination: string;
  /** Sends files of a folder. At every moment each file has its whole old or whole new content. Equal files are not sent. */
  push(folder: string, publicPaths: readonly string[], options: PushOptions): Promise<void>;
  /** Fetches files into a folder. Missing ones are skipped. */
  pull(publicPaths: readonly string[], folder: string, signal: AbortSignal): Promise<void>;
  /** Lists everything that is there. */
  list(signal: AbortSignal): Promise<readonly ListedFile[]>;
  /** Returns the MD5 of every file, hexadecimal. Empty if the two programs cannot agree on MD5. */
  md5s(signal: AbortSignal): Promise<ReadonlyMap<string, string>>;
  /** Removes files, links and empty folders. None of the paths is below another one. */
  remove(publicPaths: readonly string[], signal: AbortSignal): Promise<void>;
}

/** Ends a connection that hangs: two minutes without a byte. */
const TIMEOUT = '--timeout=120';

/** Reads paths from standard input, separated by NUL, so that names may have any characters. */
const PATHS_FROM_INPUT = ['--files-from=-', '--from0', '--no-implied-dirs'];

/**
 * Returns the calls of rsync for one destination.
 *
 * @param cacheDir where temporary folders are made
 */
export function createHost(destination: string, { remoteShell, args }: RsyncRules, cacheDir: string): Host {
  // With a remote shell, rsync would start a daemon through it instead of connecting to one.
  const shell = isRemote(destination) && !isDaemon(destination) ? [`--rsh=${remoteShell}`] : [];
  const source = isDaemon(destination) ? moduleOf(destination) : { module: destination, folder: '' };
  const run = async (own: readonly string[], places: readonly string[], options: RunOptions) => {
    try {
      await runRsync([TIMEOUT, ...shell, ...own, ...args, '--', ...places], options);
    } catch (error) {
      throw explained(error, destination);
    }
  };

  return {
    destination,
    push: (folder, publicPaths, { together, force, onSent, signal }) => {
      const flags = [...SENDING, ...(together ? TOGETHER : []), ...(force ? ['--force'] : [])];
      return run([...PATHS_FROM_INPUT, ...flags], [`${folder}/`, destination], {
        input: listOf(publicPaths),
        ...(onSent && { onOutput: sizes(onSent) }),
        signal,
      });
    },
    pull: (publicPaths, folder, signal) =>
      ifThere(undefined, () =>
        run([...PATHS_FROM_INPUT, ...FETCHING], [source.module, `${folder}/`], {
          input: listOf(publicPaths, source.folder),
          signal,
        }),
      ),
    list: (signal) =>
      ifThere([], async () => {
        const chunks: Buffer[] = [];
        const onOutput = (chunk: Buffer) => chunks.push(chunk);
        await run(LISTING, [destination], { onOutput, signal });
        return parseListing(Buffer.concat(chunks));
      }),
    md5s: (signal) =>
      inTemporaryFolder(cacheDir, async (folder) => {
        const read = async (choice: readonly string[]) => {
          const chunks: Buffer[] = [];
          const onOutput = (chunk: Buffer) => chunks.push(chunk);
          await run([...MD5S, ...choice], [destination, `${folder}/`], { onOutput, signal });
          return parseMd5s(Buffer.concat(chunks));
        };
        try {
          return await read(['--checksum-choice=md5']);
        } catch (error) {
          if (!isFailureOfRsync(error)) throw error;
          // rsync 3.1 does not know this argument and always uses MD5.
          return await read([]).catch(() => new Map());
        }
      }),
    remove: (publicPaths, signal) =>
      inTemporaryFolder(cacheDir, async (folder) => {
        for (const dir of foldersOf(publicPaths, (each) => each).keys())
          fs.mkdirSync(path.join(folder, dir), { recursive: true });
        await run([...PATHS_FROM_INPUT, ...REMOVING], [`${folder}/`, destination], {
          input: listOf(publicPaths),
          signal,
        });
      }),
  };
}

/** Compares contents, since all times are new in a fresh checkout. */
const SENDING = ['--checksum', '--times', '--perms', '--out-format=%l'];

/** For files that replace others: they may belong together. */
const TOGETHER = ['--delay-updates'];

const FETCHING = ['--ignore-missing-args', '--copy-links'];

/** Prints names unescaped (`-8`) and sizes without separators. */
const LISTING = ['--list-only', '--recursive', '-8', '--no-human-readable', '--no-motd'];

/** A dry run of a fetch that prints the checksum of each file. */
const MD5S = ['--dry-run', '--recursive', '--checksum', '-8', '--no-motd', '--out-format=%C %n'];

/** Deletes what is missing in the folder that is sent, and does nothing else. In particular, it makes no folders. */
const REMOVING = ['--delete-missing-args', '--existing', '--ignore-existing'];

/**
 * Returns paths as rsync reads them. After `./` a name may begin with `#` or `;`, and rsync takes the rest for the path of
 * the file at the other side.
 */
function listOf(publicPaths: readonly string[], folder = ''): string {
  return publicPaths.map((publicPath) => `${folder}./${publicPath}\0`).join('');
}

/** Reads the sizes of files, one a line. */
function sizes(onSent: (files: number, bytes: number) => void): (chunk: Buffer) => void {
  let rest = '';
  return (chunk) => {
    const lines = (rest + chunk.toString('latin1')).split('\n');
    rest = lines.pop()!;
    const sent = lines.filter((line) => /^\d+$/.test(line)).map(Number);
    onSent(
      sent.length,
      sent.reduce((sum, size) => sum + size, 0),
    );
  };
}

/** Before the first run there is no folder to read. */
async function ifThere<T>(nothing: T, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (isFolderMissing(error)) return nothing;
    throw error;
  }
}
