import { readBody } from '../body.js';
import { inLanes } from '../lanes.js';
import type { Storage, StoredFile, WriteOptions } from './storage.js';

/** A backend that stores file by file: all that a simple storage has to bring. */
export interface PutBackend {
  /** Shown to people. */
  readonly name: string;
  /** The algorithm, of `node:crypto`, of the hashes that `list` gives: `md5`, `sha256`… */
  readonly hashAlgorithm: string;
  /** How many files to send at a time. Default 8. */
  readonly concurrency?: number;
  /** Everything that is there: its public path, its size in bytes and its hash in hexadecimal. */
  list(signal: AbortSignal): Promise<Iterable<ListedFile>>;
  /** Stores a file, whole or not at all. */
  put(publicPath: string, bytes: Uint8Array, signal: AbortSignal): Promise<void>;
  /** Removes a file; one that is not there is no error. */
  delete(publicPath: string, signal: AbortSignal): Promise<void>;
  /** The text of a file; `undefined` where there is none. */
  readText(publicPath: string): Promise<string | undefined>;
}

export interface ListedFile {
  readonly publicPath: string;
  readonly size: number;
  readonly hash: string;
}

/**
 * Makes a storage of a backend that stores file by file.
 *
 * @example
 * export default (options, context) => storageFromPut({ name: 'my-bucket', hashAlgorithm: 'md5', list, put, ... });
 */
export function storageFromPut(backend: PutBackend): Storage {
  return {
    name: backend.name,
    async inventory(signal) {
      const listed = new Map<string, StoredFile>();
      for (const { publicPath, size, hash } of await backend.list(signal)) {
        listed.set(publicPath, { kind: 'file', size, hash });
      }
      return {
        proof: { kind: 'hash', algorithm: backend.hashAlgorithm },
        get: (publicPath) => listed.get(publicPath),
        entries: () => listed,
      };
    },
    write: (files, options) =>
      inParallel(
        backend,
        files,
        options,
        (file) => file.publicPath,
        async (file) => {
          await backend.put(file.publicPath, readBody(file.body), options.signal);
        },
      ),
    remove: (publicPaths, options) =>
      inParallel(
        backend,
        publicPaths,
        options,
        (publicPath) => publicPath,
        (publicPath) => backend.delete(publicPath, options.signal),
      ),
    readText: (publicPath) => backend.readText(publicPath),
  };
}

const DEFAULT_CONCURRENCY = 8;

function inParallel<T>(
  { concurrency = DEFAULT_CONCURRENCY }: PutBackend,
  items: readonly T[],
  { signal, done }: WriteOptions,
  pathOf: (item: T) => string,
  handle: (item: T) => Promise<void>,
): Promise<void> {
  return inLanes(items, concurrency, signal, async (item) => {
    await handle(item);
    done({ publicPath: pathOf(item) });
  });
}
