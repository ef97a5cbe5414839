import fs from 'node:fs';
import path from 'node:path';
import type { Body, Output } from '../../src/model/output.js';
import type { Inventory, Storage, StoredFile, WriteRequest } from '../../src/storages/storage.js';

/** Makes a storage do one thing wrong. */
export type Break = (storage: Storage) => Partial<Storage>;

/** Returns a wrong inventory. */
function withInventory(change: (inventory: Inventory, refresh: boolean) => Partial<Inventory>): Break {
  return (storage) => ({
    inventory: async (signal, options) => {
      const inventory = await storage.inventory(signal, options);
      return { ...inventory, ...change(inventory, options?.refresh === true) };
    },
  });
}

/** Writes something other than requested. */
function withWrite(change: (files: readonly WriteRequest[]) => readonly WriteRequest[]): Break {
  return (storage) => ({ write: (files, options) => storage.write(change(files), options) });
}

const withBody = (change: (body: Body, request: WriteRequest) => Body) =>
  withWrite((files) => files.map((file) => ({ ...file, body: change(file.body, file) })));

/** Publishes under another name, and finds files only under that. */
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
  if (body.kind === 'bytes') return body;
  const file = body.kind === 'file' ? body.file : body.rewritten;
  return fs.existsSync(file) ? { kind: 'file', file } : { kind: 'bytes', bytes: Buffer.from('') };
};

const sized = (get: Inventory['get'], size: number): Partial<Inventory> => ({
  get: (publicPath): StoredFile | undefined => {
    const stored = get(publicPath);
    return stored && { ...stored, size };
  },
});

/** Ignores interruptions. */
const deaf: Break = (storage) => ({
  lock: async () => ({ lost: new AbortController().signal, release: async () => {} }),
  inventory: () => storage.inventory(new AbortController().signal),
  write: (files, { done }) => storage.write(files, { done, signal: new AbortController().signal }),
  remove: (files, { done }) => storage.remove(files, { done, signal: new AbortController().signal }),
});

const nothingWritten = withWrite(() => []);

/** Writes into the published file, piece by piece. */
const writesInPlace: Break = ({ folder }) => ({
  async write(files, { done }) {
    for (const { publicPath, body } of files) {
      const file = path.join(folder!, publicPath);
      fs.mkdirSync(path.dirname(file), { recursive: true });
      fs.writeFileSync(file, '');
      const bytes =
        body.kind === 'bytes'
          ? body.bytes
          : fs.readFileSync(body.kind === 'file' ? body.file : body.rewritten);
      for (let start = 0; start < bytes.length; start += 30_000) {
        fs.appendFileSync(file, bytes.subarray(start, start + 30_000));
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
      done({ publicPath });
    }
  },
});

/** By case: a mistake of a filesystem storage that the case must find. */
export const FILESYSTEM_BREAKS: Readonly<Record<string, Break>> = {
  'an empty destination has no files': withInventory(() => ({
    entries: () => [['x', { kind: 'file', size: 1 }]],
  })),
  'a published file is in the inventory, with its size and a proof of its bytes': withInventory(({ get }) =>
    sized(get, 3),
  ),
  'an inventory has nothing for paths without a file': withInventory(() => ({
    get: () => ({ kind: 'file', size: 1 }),
  })),
  'many files are published, and all are found again': withInventory(({ entries }) => ({
    entries: () => [...entries()].slice(0, 1000),
  })),
  'each file is reported as done once': (storage) => ({
    write: (files, options) =>
      storage.write(files, {
        ...options,
        done: (written) => {
          options.done(written);
          options.done(written);
        },
      }),
  }),
  'all files of a phase are complete before the next one begins': (storage) => {
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
  'a later run keeps the files of an earlier one': (storage) => ({
    write: async (files, { done, signal }) => {
      await storage.remove(['a.txt'], { done, signal });
      await storage.write(files, { done, signal });
    },
  }),
  'a text is read back as UTF-8': ({ readText }) => ({
    readText: async (publicPath) => {
      const text = await readText(publicPath);
      return text && Buffer.from(text, 'utf8').toString('latin1');
    },
  }),
  'an empty file is published': withWrite((files) =>
    files.filter(({ body }) => body.kind !== 'file' || fs.statSync(body.file).size > 0),
  ),
  'a binary file keeps its bytes': withBody((body) =>
    body.kind === 'file' ? { kind: 'bytes', bytes: Buffer.from(fs.readFileSync(body.file, 'utf8')) } : body,
  ),
  'a rewritten file has its inserted texts': withBody((body) =>
    body.kind === 'rewritten' ? { kind: 'file', file: body.rewritten } : body,
  ),
  'a large file is published whole': withBody((body) =>
    body.kind === 'file' ? { kind: 'bytes', bytes: fs.readFileSync(body.file).subarray(0, 5 << 20) } : body,
  ),
  'a large rewritten file has its inserted texts': withBody((body) =>
    body.kind === 'rewritten' ? { ...body, insertions: body.insertions.slice(0, 1) } : body,
  ),
  'names may have any characters': withNames((publicPath) => publicPath.replaceAll('%', '%25')),
  'names that differ in letter case are two files': withNames((publicPath) => publicPath.toLowerCase()),
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
      const sizeOf = ({ body }: WriteRequest) => (body.kind === 'bytes' ? body.bytes.length : -1);
      await storage.write(
        files.filter((file) => inventory.get(file.publicPath)?.size !== sizeOf(file)),
        options,
      );
    },
  }),
  'a file that is replaced by the same bytes stays unchanged': (storage) => ({
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
  'while a file is replaced, readers see its old or its new text': writesInPlace,
  'a file is removed, and reported as done once': (storage) => ({
    remove: (paths, options) => storage.remove(paths, { ...options, done: () => {} }),
  }),
  'a folder that becomes empty is removed': ({ folder }) => ({
    async remove(paths) {
      for (const publicPath of paths) fs.rmSync(path.join(folder!, publicPath));
    },
  }),
  'removing a missing path succeeds': ({ folder }) => ({
    async remove(paths) {
      for (const publicPath of paths) fs.rmSync(path.join(folder!, publicPath));
    },
  }),
  'removing a file twice succeeds': ({ folder }) => ({
    async remove(paths) {
      for (const publicPath of paths) fs.rmSync(path.join(folder!, publicPath));
    },
  }),
  'only the named paths are removed': (storage) => ({
    async remove(paths, options) {
      const inventory = await storage.inventory(options.signal);
      const matches = ([publicPath]: readonly [string, StoredFile]) =>
        paths.some((each) => publicPath.startsWith(each));
      const matched = [...inventory.entries()].filter(matches).map(([publicPath]) => publicPath);
      await storage.remove(matched, options);
    },
  }),
  'many files are removed': withRemoved((paths) => paths.slice(0, 1000)),
  'a removed file can be published again': (storage) => {
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
  'a source that has changed since the run looked at it is not published': withBody(trusting),
  'a rewritten source that has changed since the run looked at it is not published': withBody(trusting),
  'a large source that has changed since the run looked at it is not published': withBody(trusting),
  'a source that is gone fails the run, and the live file stays': withBody(trusting),
  'an aborted run writes nothing': deaf,
  'an aborted write rejects, and leaves no half-written file': deaf,
  'the inventory knows what a compressed file decodes to': withInventory(() => ({
    decodesTo: async () => true,
  })),
  'only one run has the lock, and it gives it back': () => ({
    lock: async () => ({ lost: new AbortController().signal, release: async () => {} }),
  }),
};

/** By case: a mistake of a storage in memory, for cases that do not apply to the file system. */
export const MEMORY_BREAKS: Readonly<Record<string, Break>> = {
  'the inventory knows the headers of a file': withHeaders(() => true),
  'a file gets other headers, and keeps its bytes': nothingWritten,
  'a run that publishes while files are removed has all its files': (storage) => ({
    write: async (files, options) => {
      await storage.inventory(options.signal); // the plan does not rest on this look
      await storage.write(files, options);
    },
  }),
  'files that another run publishes at the same time are not removed': (storage) => ({
    remove: async (publicPaths, options) => {
      await storage.inventory(options.signal);
      await storage.remove(publicPaths, options);
    },
  }),
  'of two runs at once, the later one is refused, or both are complete': (storage) => ({
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
