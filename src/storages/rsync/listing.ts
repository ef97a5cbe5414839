import type { StoredFile } from '../storage.js';

/** What a listing tells of a path. */
export interface ListedFile extends Pick<StoredFile, 'kind' | 'size'> {
  readonly publicPath: string;
  /** The path that it would have got: it is a file that rsync had not received as a whole when it was killed. */
  readonly unfinished?: string;
}

/** `-rw-r--r--          12 2024/01/31 12:00:00 css/app.css`; old versions put commas into the size. */
const LINE = /^(\S)(\S{9})\S? +([\d,.]+) \d+\/\d\d\/\d\d \d\d:\d\d:\d\d (.+)$/;

const KINDS: Readonly<Record<string, StoredFile['kind']>> = { '-': 'file', d: 'directory', l: 'link' };

/** Where rsync keeps whole files that are to get their names together. */
const DELAYED = '.~tmp~/';

/** What rsync calls `app.css` until it is whole, with a mode that only its owner has: `.app.css.Xy12Ab`. */
const TEMPORARY = /^((?:.*\/)?)\.([^/]+)\.[a-zA-Z0-9]{6}$/;
const TEMPORARY_MODE = 'rw-------';

/**
 * Reads what `rsync --list-only -r -8` prints. Of folders, only the empty ones are told, and of names, only those in
 * UTF-8: no others were ever published.
 *
 * @throws Error where a file's line has another form than that of rsync
 */
export function parseListing(output: Buffer): readonly ListedFile[] {
  const listed = output.toString('latin1').split('\n').flatMap(parseLine); // a character a byte: escapes are bytes
  const filled = new Set(listed.map(({ publicPath }) => publicPath.slice(0, publicPath.lastIndexOf('/'))));
  return listed.filter(({ kind, publicPath }) => kind !== 'directory' || !filled.has(publicPath));
}

/** Arguments of the user's own, such as `--verbose`, make rsync print other lines besides. */
const LIKE_A_LINE = /^[-dlpscbD][-rwxsStT]{9}/;

function parseLine(line: string): readonly ListedFile[] {
  if (!LIKE_A_LINE.test(line)) return [];
  const match = LINE.exec(line);
  if (match === null) throw new Error(`rsync's listing has the line '${line}', which cannot be read`);
  const [, type, mode, size, escaped] = match as unknown as [string, string, string, string, string];
  const kind = KINDS[type] ?? 'other';
  const publicPath = nameOf(kind === 'link' ? escaped.replace(/ -> .*$/, '') : escaped);
  if (publicPath === '.' || publicPath.includes('\uFFFD')) return [];
  const unfinished = unfinishedOf(publicPath, kind, mode);
  return [
    {
      ...{ publicPath, kind, size: Number(size.replace(/[,.]/g, '')) },
      ...(unfinished !== undefined && { unfinished }),
    },
  ];
}

function unfinishedOf(publicPath: string, kind: StoredFile['kind'], mode: string): string | undefined {
  if (isDelayed(publicPath)) return `/${publicPath}/`.replace(`/${DELAYED}`, '/').slice(1, -1);
  const [, folder = '', name] = TEMPORARY.exec(publicPath) ?? [];
  return kind === 'file' && mode === TEMPORARY_MODE && name !== undefined ? folder + name : undefined;
}

/** Control characters, and a backslash that looks like the beginning of an escape, stand as `\#ooo`. */
function nameOf(escaped: string): string {
  const bytes = escaped.replace(/\\#([0-7]{3})/g, (_, octal) =>
    String.fromCharCode(Number.parseInt(octal, 8)),
  );
  return Buffer.from(bytes, 'latin1').toString('utf8');
}

/** Whether a path is in the folder of whole files that have no name yet. */
export function isDelayed(publicPath: string): boolean {
  return `/${publicPath}/`.includes(`/${DELAYED}`);
}

/** `900150983cd24fb0d6963f7d28e17f72 css/app.css` */
const MD5_LINE = /^([\da-f]{32}) (.+)$/;

/** Reads what rsync prints by `--out-format=%C %n`: the MD5 of each file. */
export function parseMd5s(output: Buffer): ReadonlyMap<string, string> {
  const lines = output.toString('latin1').split('\n');
  return new Map(
    lines.flatMap((line) => {
      const [, md5, escaped] = MD5_LINE.exec(line) ?? [];
      return md5 === undefined || escaped === undefined ? [] : [[nameOf(escaped), md5] as const];
    }),
  );
}
