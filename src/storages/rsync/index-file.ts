import { isPublishable } from '../../model/public-path.js';
import { isRecord } from '../../text/json.js';

/** A published file, as the index knows it. */
export interface IndexedFile {
  /** Bytes. */
  readonly size: number;
  /** SHA-384 of the bytes, hexadecimal. Absent if another run may have written them. */
  readonly hash?: string;
  /** MD5 of the bytes, hexadecimal, as the host itself computed it. */
  readonly md5?: string;
  /** Whether the name depends on the content, so that no run writes other bytes under it. */
  readonly immutable: boolean;
}

/** Which run wrote an index, and whether it was done. */
export interface IndexState {
  /** A random id. A run that finds an unexpected one knows that it is not alone. */
  readonly run: string;
  /** Whether the run is still writing, or died while it did. Then only immutable files are certain. */
  readonly open: boolean;
}

/** The index of a host: the files that runs have published there. */
export interface IndexFile extends IndexState {
  /** By public path. */
  readonly files: ReadonlyMap<string, IndexedFile>;
}

const FORMAT = '1.0';

/** Returns the text of an index, one file a line: `"css/app.css": [size, hash, immutable]`. Without a SHA-384 the hash is the MD5. */
export function indexText({ run, open, files }: IndexFile): string {
  const lines = Array.from(
    files,
    ([publicPath, { size, md5 = null, hash = md5, immutable }]) =>
      `${JSON.stringify(publicPath)}: ${JSON.stringify([size, hash, immutable])}`,
  );
  const head = JSON.stringify({ format: `rsync ${FORMAT}`, run, open });
  return `${head.slice(0, -1)}, "files": {\n${lines.join(',\n')}\n}}\n`;
}

/**
 * Reads an index.
 *
 * @returns `undefined` if it is damaged or has another format, so that the host is listed instead
 */
export function parseIndex(text: string): IndexFile | undefined {
  let index: unknown;
  try {
    index = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isRecord(index) || index.format !== `rsync ${FORMAT}` || !isRecord(index.files)) return undefined;
  const { run, open } = index;
  if (typeof run !== 'string' || typeof open !== 'boolean') return undefined;
  const files = new Map<string, IndexedFile>();
  for (const [publicPath, entry] of Object.entries(index.files)) {
    const file = fileOf(entry);
    if (file === undefined || !isPublishable(publicPath)) return undefined;
    files.set(publicPath, file);
  }
  return { run, open, files };
}

function fileOf(entry: unknown): IndexedFile | undefined {
  if (!Array.isArray(entry)) return undefined;
  const [size, hash, immutable] = entry as unknown[];
  if (!Number.isSafeInteger(size) || typeof immutable !== 'boolean') return undefined;
  if (hash === null) return { size: size as number, immutable };
  if (typeof hash !== 'string' || !/^(?:[0-9a-f]{96}|[0-9a-f]{32})$/.test(hash)) return undefined;
  return { size: size as number, ...(hash.length === 32 ? { md5: hash } : { hash }), immutable };
}
