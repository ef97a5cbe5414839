import fs from 'node:fs';
import path from 'node:path';
import type { Body, Output } from '../../src/model/output.js';
import type { Inventory, Storage, StoredFile, WriteRequest } from '../../src/storages/storage.js';

/** Makes a storage do one thing wrong. */
export type Break = (storage: Storage) => Partial<Storage>;

/** Another inventory than the right one. */
function withInventory(change: (inventory: Inventory, afresh: boolean) => Partial<Inventory>): Break {
  return (storage) => ({
    inventory: async (signal, options) => {
      const inventory = await storage.inventory(signal, options);
      return { ...inventory, ...change(inventory, options?.refresh === true) };
    },
  });
}

/** Writes something else than it is asked to. */
function withWrite(change: (files: readonly WriteRequest[]) => readonly WriteRequest[]): Break {
  return (storage) => ({ write: (files, options) => storage.write(change(files), options) });
}

const withBody = (change: (body: Body, request: WriteRequest) => Body) =>
  withWrite((files) => files.map((file) => ({ ...file, body: change(file.body, file) })));

/** Publishes under another name, and finds it only under that. */
function withNames(change: (publicPath: string) => string): Break {
  return (storage) => ({
    write: (files, options) =>
      storage.write(
        files.map((file) => ({ ...file, publicPath: change(file.publicPath) })),
        options,
      ),
    readText: (publicPath) => storage.readText(change(publicPath)),
  });
}

const withRemoved =
  (change: (paths: readonly string[]) => readonly string[]): Break =>
  (storage) => ({
    remove: (paths, options) => storage.remove(change(paths), options),
  });

const withHeaders = (hasHeaders: (output: Output) => boolean) => withInventory(() => ({ hasHeaders }));

const trusting = (body: Body): Body => {
  if ('bytes' in body) return body;
  const file = 'file' in body ? body.file : body.rewritten;
  return fs.existsSync(file) ? { file } : { bytes: Buffer.from('') };
};

const sized = (get: Inventory['get'], size: number): Partial<Inventory> => ({
  get: (publicPath): StoredFile | undefined => {
    const stored = get(publicPath);
    return stored && { ...stored, size };
  },
});

/** Deaf to interruptions. */
const deaf: Break = (storage) => ({
  lock: async () => ({ lost: new AbortController().signal, release: async () => {} }),
  inventory: () => storage.inventory(new AbortController().signal),
  write: (files, { done }) => storage.write(files, { done, signal: new AbortController().signal }),
  remove: (files, { done }) => storage.remove(files, { done, signal: new AbortController().signal }),
});

const nothingWritten = withWrite(() => []);

/** Writes into the file itself, bit by bit. */
const writesInPlace: Break = ({ folder }) => ({
  async write(files, { done }) {
    for (const { publicPath, body } of files) {
      const file = path.join(folder!, publicPath);
      fs.mkdirSync(path.dirname(file), { recursive: true });
      fs.writeFileSync(file, '');
      const bytes =
        'bytes' in body ? body.bytes : fs.readFileSync('file' in body ? body.file : body.rewritten);
      for (let start = 0; start < bytes.length; start += 30_000) {
        fs.appendFileSync(file, bytes.subarray(start, start + 30_000));
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
      done({ publicPath });
    }
  },
});

/** For each case, a mistake of a storage on the file system that the case must find. */
export const FILESYSTEM_BREAKS: Readonly<Record<string, Break>> = {
  'an empty place has no files': withInventory(() => ({ entries: () => [['x', { kind: 'file', size: 1 }]] })),
  'what was published is in the inventory, with its size and a proof of its bytes': withInventory(({ get }) =>
    sized(get, 3),
  ),
  'an inventory knows nothing of paths where nothing stands': withInventory(() => ({
    get: () => ({ kind: 'file', size: 1 }),
  })),
  'a large number of files is published, and all are found again': withInventory(({ entries }) => ({
    entries: () => [...entries()].slice(0, 1000),
  })),
  'each file is done once': (storage) => ({
    write: (files, options) =>
      storage.write(files, {
        ...options,
        done: (written) => {
          options.done(written);
          options.done(written);
        },
      }),
  }),
  'all files of a phase stand before the next one begins': (storage) => {
    const late: WriteRequest[] = [];
    return {
      write: async (files, options) => {
        await storage.write(late.splice(0), { ...options, done: () => {} });
        late.push(...files);
        for (const { publicPath } of files) options.done({ publicPath });
      },
    };
  },
  'a phase without files changes nothing': (storage) => ({
    write: async (files, { done, signal }) => {
      if (files.length === 0) await storage.remove(['a.txt'], { done, signal });
      else await storage.write(files, { done, signal });
    },
  }),
  'a later run adds to what is there': (storage) => ({
    write: async (files, { done, signal }) => {
      await storage.remove(['a.txt'], { done, signal });
      await storage.write(files, { done, signal });
    },
  }),
  'a text is read as it was published, in UTF-8': ({ readText }) => ({
    readText: async (publicPath) => {
      const text = await readText(publicPath);
      return text && Buffer.from(text, 'utf8').toString('latin1');
    },
  }),
  'an empty file is published': withWrite((files) =>
    files.filter(({ body }) => !('file' in body) || fs.statSync(body.file).size > 0),
  ),
  'a file is published with its bytes, whatever they are': withBody((body) =>
    'file' in body ? { bytes: Buffer.from(fs.readFileSync(body.file, 'utf8')) } : body,
  ),
  'a rewritten file is published with the texts that are inserted': withBody((body) =>
    'rewritten' in body ? { file: body.rewritten } : body,
  ),
  'a large file is published whole': withBody((body) =>
    'file' in body ? { bytes: fs.readFileSync(body.file).subarray(0, 5 << 20) } : body,
  ),
  'a large file is published with the texts that are inserted': withBody((body) =>
    'rewritten' in body ? { ...body, insertions: body.insertions.slice(0, 1) } : body,
  ),
  'names may have any characters': withNames((publicPath) => publicPath.replaceAll('%', '%25')),
  'names differ by their case': withNames((publicPath) => publicPath.toLowerCase()),
  'a file is replaced': (storage) => ({
    async write(files, options) {
      const inventory = await storage.inventory(options.signal);
      await storage.write(
        files.filter(({ publicPath }) => inventory.get(publicPath) === undefined),
        options,
      );
    },
  }),
  'a file of the same size is replaced': (storage) => ({
    async write(files, options) {
      const inventory = await storage.inventory(options.signal);
      const sizeOf = ({ body }: WriteRequest) => ('bytes' in body ? body.bytes.length : -1);
      await storage.write(
        files.filter((file) => inventory.get(file.publicPath)?.size !== sizeOf(file)),
        options,
      );
    },
  }),
  'a file that is replaced by the same bytes stays as it is': (storage) => ({
    async write(files, options) {
      const before = await storage.inventory(options.signal);
      const again = files.filter(
        ({ publicPath, body }) => before.get(publicPath) && before.hasBytes?.(publicPath, body),
      );
      await storage.write(files, options);
      const paths = again.map(({ publicPath }) => publicPath);
      await storage.remove(paths, { ...options, done: () => {} });
    },
  }),
  'a file that is replaced shows its old or its new text at every moment': writesInPlace,
  'a file is removed, and done once': (storage) => ({
    remove: (paths, options) => storage.remove(paths, { ...options, done: () => {} }),
  }),
  'a folder that becomes empty is gone': ({ folder }) => ({
    async remove(paths) {
      for (const publicPath of paths) fs.rmSync(path.join(folder!, publicPath));
    },
  }),
  'a path where nothing stands can be removed': ({ folder }) => ({
    async remove(paths) {
      for (const publicPath of paths) fs.rmSync(path.join(folder!, publicPath));
    },
  }),
  'a file can be removed twice': ({ folder }) => ({
    async remove(paths) {
      for (const publicPath of paths) fs.rmSync(path.join(folder!, publicPath));
    },
  }),
  'only the path itself is removed': (storage) => ({
    async remove(paths, options) {
      const inventory = await storage.inventory(options.signal);
      const matches = ([publicPath]: readonly [string, StoredFile]) =>
        paths.some((each) => publicPath.startsWith(each));
      const matched = [...inventory.entries()].filter(matches).map(([publicPath]) => publicPath);
      await storage.remove(matched, options);
    },
  }),
  'many files are removed': withRemoved((paths) => paths.slice(0, 1000)),
  'what was removed can be published again': (storage) => {
    const removed = new Set<string>();
    return {
      remove: (paths, options) => {
        for (const publicPath of paths) removed.add(publicPath);
        return storage.remove(paths, options);
      },
      write: (files, options) =>
        storage.write(
          files.filter(({ publicPath }) => !removed.has(publicPath)),
          options,
        ),
    };
  },
  'a source that changed since it was looked at is not published': withBody(trusting),
  'a rewritten source that changed since it was looked at is not published': withBody(trusting),
  'a large source that changed since it was looked at is not published': withBody(trusting),
  'a source that is gone fails the run, and what was live stays': withBody(trusting),
  'a run that is aborted from the start writes nothing': deaf,
  'a write that is aborted rejects, and leaves no half-written file': deaf,
  'a compressed file is known by what it decodes to': withInventory(() => ({ decodesTo: async () => true })),
  'who holds the lock holds it alone, and gives it back': () => ({
    lock: async () => ({ lost: new AbortController().signal, release: async () => {} }),
  }),
};

/** The same for a storage in memory, with what the file system does not have. */
export const MEMORY_BREAKS: Readonly<Record<string, Break>> = {
  'the headers of a file are known': withHeaders(() => true),
  'a file is given other headers, and keeps its bytes': nothingWritten,
  'what is published while files are removed has its files': (storage) => ({
    write: async (files, options) => {
      await storage.inventory(options.signal); // what was planned before does not follow from it
      await storage.write(files, options);
    },
  }),
  'what another run publishes at the same time is not removed': (storage) => ({
    remove: async (publicPaths, options) => {
      await storage.inventory(options.signal);
      await storage.remove(publicPaths, options);
    },
  }),
  'of two runs at once, the later one is refused or both are whole': (storage) => ({
    commit: async () => {},
    write: async (files, options) => {
      const paths = [...(await storage.inventory(options.signal)).entries()].map(
        ([publicPath]) => publicPath,
      );
      await storage.remove(paths, { ...options, done: () => {} });
      await storage.write(files, options);
    },
  }),
};
