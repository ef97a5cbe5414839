import { contentInfo } from '../../src/model/content.js';
import { type Output, originalOutput } from '../../src/model/output.js';
import type { StaticFile } from '../../src/model/static-file.js';
import type { Inventory, StoredFile } from '../../src/storages/storage.js';

/** A static file that is at a path of this machine. */
export function staticFile(logicalPath: string, sourcePath = `/src/${logicalPath}`): StaticFile {
  return { logicalPath, sourcePath, root: { dir: '/src', prefix: '', setting: 'test', vendor: false } };
}

/** An original. */
export function original(logicalPath: string, sourcePath?: string): Output {
  return originalOutput(staticFile(logicalPath, sourcePath));
}

/** An output that a processor made of a text, and hashed. */
export function made(publicPath: string, text = publicPath, more: Partial<Output> = {}): Output {
  const bytes = Buffer.from(text);
  return {
    logicalPath: publicPath,
    publicPath,
    body: { kind: 'bytes', bytes },
    content: contentInfo(bytes, 'md5'),
    ...more,
  };
}

/** An inventory of these files, compared by their bytes unless told otherwise. A file is 1 byte large. */
export function inventoryOf(
  files: Readonly<Record<string, Partial<StoredFile>>>,
  more: Partial<Inventory> = {},
): Inventory {
  const stored = new Map(
    Object.entries(files).map(([path, file]) => [path, { kind: 'file', size: 1, ...file } as const]),
  );
  return {
    proof: { kind: 'stat' },
    get: (publicPath) => stored.get(publicPath),
    entries: () => stored.entries(),
    ...more,
  };
}
