import { isRecord } from '../../json.js';
import { isPublishable } from '../../paths.js';

/** The name, at the destination, of the account that the storage keeps of what it has published. */
export const ACCOUNT_NAME = '.staticfiles-index.json';

/** What is known of a published file. */
export interface AccountedFile {
  /** Bytes. */
  readonly size: number;
  /** SHA-384 of the bytes, hexadecimal; unknown where another run may have written them. */
  readonly hash?: string;
  /** MD5 of the bytes, hexadecimal, as the host itself has told it. */
  readonly md5?: string;
  /** Whether its name tells its content: no run writes other bytes under it. */
  readonly immutable: boolean;
}

/** Which run wrote an account. */
export interface AccountState {
  /** Another run that meets a name that it does not expect knows that it is not alone. */
  readonly run: string;
  /** Whether the run is still writing, or died while it did: then only what is immutable is sure. */
  readonly open: boolean;
}

/** What a storage has published to a destination. */
export interface Account extends AccountState {
  /** By public path. */
  readonly files: ReadonlyMap<string, AccountedFile>;
}

const FORMAT = '1.0';

/** The text of an account: a file a line, `"css/app.css": [size, hash, immutable]`; the hash is the MD5 if no other is known. */
export function accountText({ run, open, files }: Account): string {
  const lines = Array.from(
    files,
    ([publicPath, { size, md5 = null, hash = md5, immutable }]) =>
      `${JSON.stringify(publicPath)}: ${JSON.stringify([size, hash, immutable])}`,
  );
  const head = JSON.stringify({ format: `rsync ${FORMAT}`, run, open });
  return `${head.slice(0, -1)}, "files": {\n${lines.join(',\n')}\n}}\n`;
}

/** Reads an account; one that is damaged, or of a format of the future, is none: what is there is listed then. */
export function parseAccount(text: string): Account | undefined {
  let account: unknown;
  try {
    account = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isRecord(account) || account.format !== `rsync ${FORMAT}` || !isRecord(account.files))
    return undefined;
  const { run, open } = account;
  if (typeof run !== 'string' || typeof open !== 'boolean') return undefined;
  const files = new Map<string, AccountedFile>();
  for (const [publicPath, entry] of Object.entries(account.files)) {
    const file = fileOf(entry);
    if (file === undefined || !isPublishable(publicPath)) return undefined;
    files.set(publicPath, file);
  }
  return { run, open, files };
}

function fileOf(entry: unknown): AccountedFile | undefined {
  if (!Array.isArray(entry)) return undefined;
  const [size, hash, immutable] = entry as unknown[];
  if (!Number.isSafeInteger(size) || typeof immutable !== 'boolean') return undefined;
  if (hash === null) return { size: size as number, immutable };
  if (typeof hash !== 'string' || !/^(?:[0-9a-f]{96}|[0-9a-f]{32})$/.test(hash)) return undefined;
  return { size: size as number, ...(hash.length === 32 ? { md5: hash } : { hash }), immutable };
}
