import type { StoredFile } from '../storage.js';

/** A path as a listing describes it. */
export interface ListedFile extends Pick<StoredFile, 'kind' | 'size'> {
  readonly publicPath: string;
  /** The path that it would have got, if it is a file that a killed rsync had not received completely. */
  readonly unfinished?: string;
}

/** `-rw-r--r--          12 2024/01/31 12:00:00 css/app.css`. Old versions print the size with commas. */
const LINE = /^(\S)(\S{9})\S? +([\d,.]+) \d+\/\d\d\/\d\d \d\d:\d\d:\d\d (.+)$/;

const KINDS: Readonly<Record<string, StoredFile['kind']>> = { '-': 'file', d: 'directory', l: 'link' };

/** The folder of complete files that will get their names together. */
const DELAYED = '.~tmp~/';

/** The name of `app.css` until rsync has received it: `.app.css.Xy12Ab`, readable only by its owner. */
const TEMPORARY = /^((?:.*\/)?)\.([^/]+)\.[a-zA-Z0-9]{6}$/;
const TEMPORARY_MODE = 'rw-------';

/**
 * Parses the output of `rsync --list-only -r -8`. Folders are left out unless they are empty, and so are names that are not
 * UTF-8, which were never published.
 *
 * @throws Error if a line is not in rsync's form
 */
export function parseListing(output: Buffer): readonly ListedFile[] {
  const listed = output.toString('latin1').split('\n').flatMap(parseLine); // one character for each byte, since escapes are bytes
  const filled = new Set(listed.map(({ publicPath }) => publicPath.slice(0, publicPath.lastIndexOf('/'))));
  return listed.filter(({ kind, publicPath }) => kind !== 'directory' || !filled.has(publicPath));
}

/** The start of a file's line. With arguments such as `--verbose`, rsync prints other lines too. */
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

/** Decodes `\#ooo`, which stands for control characters, and for a backslash before `#` and digits. */
function nameOf(escaped: string): string {
  const bytes = escaped.replace(/\\#([0-7]{3})/g, (_, octal) =>
    String.fromCharCode(Number.parseInt(octal, 8)),
  );
  return Buffer.from(bytes, 'latin1').toString('utf8');
}

/** Whether a path is in the folder of complete files that have no name yet. */
export function isDelayed(publicPath: string): boolean {
  return `/${publicPath}/`.includes(`/${DELAYED}`);
}

/** `900150983cd24fb0d6963f7d28e17f72 css/app.css` */
const MD5_LINE = /^([\da-f]{32}) (.+)$/;

/** Parses the output of `--out-format=%C %n`: the MD5 of each file. */
export function parseMd5s(output: Buffer): ReadonlyMap<string, string> {
  const lines = output.toString('latin1').split('\n');
  return new Map(
    lines.flatMap((line) => {
      const [, md5, escaped] = MD5_LINE.exec(line) ?? [];
      return md5 === undefined || escaped === undefined ? [] : [[nameOf(escaped), md5] as const];
    }),
  );
}
