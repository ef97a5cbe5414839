import fs from 'node:fs';
import path from 'node:path';
import { foldersOf } from '../../model/public-path.js';
import { type ListedFile, parseListing, parseMd5s } from './listing.js';
import { isDaemon, isRemote, moduleOf, type RsyncRules } from './options.js';
import { explained, isFailureOfRsync, isFolderMissing, type RunOptions, runRsync } from './program.js';
import { inTemporaryFolder } from './temporary-folder.js';

export interface PushOptions {
  /** Give all files their names at the end, at nearly one moment: where they replace others that belong together. */
  readonly together: boolean;
  /** Have folders give way to files of their names, with all that is in them. */
  readonly force: boolean;
  /** Called now and then with how many more files have travelled, and how many bytes are in them. */
  onSent?(files: number, bytes: number): void;
  readonly signal: AbortSignal;
}

/** One destination: each call is one run of rsync. All paths are below it. */
export interface Host {
  /** As rsync takes it; it ends in `/`. */
  readonly destination: string;
  /** Sends files of a folder. Each is old or new, whole, at every moment; what is the same there does not travel. */
  push(folder: string, publicPaths: readonly string[], options: PushOptions): Promise<void>;
  /** Fetches files into a folder; those that are not there are left out. */
  pull(publicPaths: readonly string[], folder: string, signal: AbortSignal): Promise<void>;
  /** Everything that is there. */
  list(signal: AbortSignal): Promise<readonly ListedFile[]>;
  /** The MD5 of files that are there, hexadecimal; of none if the two programs cannot agree on MD5. */
  md5s(signal: AbortSignal): Promise<ReadonlyMap<string, string>>;
  /** Removes files, links and empty folders. None of the paths is below another one. */
  remove(publicPaths: readonly string[], signal: AbortSignal): Promise<void>;
}

/** Two minutes without a byte: a connection that hangs ends some time. */
const TIMEOUT = '--timeout=120';

/** The paths come from standard input, ended by NUL: no name can be taken for something else. */
const PATHS_FROM_INPUT = ['--files-from=-', '--from0', '--no-implied-dirs'];

/**
 * Makes a destination of the settings.
 *
 * @param cacheDir where temporary folders are made
 */
export function createHost(destination: string, { remoteShell, args }: RsyncRules, cacheDir: string): Host {
  // A daemon that is asked with a remote shell named would be started through it.
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
          // rsync 3.1 has no such argument, and takes MD5 in any case.
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

/** Contents are compared, since in a fresh check-out all times are new. */
const SENDING = ['--checksum', '--times', '--perms', '--out-format=%l'];

/** Files that replace others may belong together. */
const TOGETHER = ['--delay-updates'];

const FETCHING = ['--ignore-missing-args', '--copy-links'];

/** Names as they are (`-8`), sizes without separators. */
const LISTING = ['--list-only', '--recursive', '-8', '--no-human-readable', '--no-motd'];

/** A fetch that fetches nothing, and tells the checksum of each file that it would. */
const MD5S = ['--dry-run', '--recursive', '--checksum', '-8', '--no-motd', '--out-format=%C %n'];

/** What is missing in the folder that is sent is deleted there, and nothing else happens: no folder is made on the way. */
const REMOVING = ['--delete-missing-args', '--existing', '--ignore-existing'];

/**
 * The `./` keeps a name that begins with `#` or `;` from being taken for a comment, and says where the path begins that
 * a file is to have.
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

/** Where nothing was published yet there is no folder to read. */
async function ifThere<T>(nothing: T, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (isFolderMissing(error)) return nothing;
    throw error;
  }
}
