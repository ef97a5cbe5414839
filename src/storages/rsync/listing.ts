import type { StoredFile } from '../storage.js';

/** What a listing tells of a path. */
export interface ListedFile extends Pick<StoredFile, 'kind' | 'size'> {
  readonly publicPath: string;
}

/** `-rw-r--r--          12 2024/01/31 12:00:00 css/app.css`; old versions put commas into the size. */
const LINE = /^(\S)\S{9,10} +([\d,.]+) \d+\/\d\d\/\d\d \d\d:\d\d:\d\d (.+)$/;

const KINDS: Readonly<Record<string, StoredFile['kind']>> = { '-': 'file', d: 'directory', l: 'link' };

/** What a killed rsync leaves in a folder: it is taken up, or cleared away, when the same files are sent again. */
const DELAYED = '.~tmp~';

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
  const [, type, size, escaped] = match as unknown as [string, string, string, string];
  const kind = KINDS[type] ?? 'other';
  const publicPath = nameOf(kind === 'link' ? escaped.replace(/ -> .*$/, '') : escaped);
  if (publicPath === '.' || publicPath.includes('\uFFFD')) return [];
  if (publicPath.split('/').includes(DELAYED)) return [];
  return [{ publicPath, kind, size: Number(size.replace(/[,.]/g, '')) }];
}

/** Control characters, and a backslash that looks like the beginning of an escape, stand as `\#ooo`. */
function nameOf(escaped: string): string {
  const bytes = escaped.replace(/\\#([0-7]{3})/g, (_, octal) =>
    String.fromCharCode(Number.parseInt(octal, 8)),
  );
  return Buffer.from(bytes, 'latin1').toString('utf8');
}
