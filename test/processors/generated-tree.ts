import path from 'node:path';
import fc from 'fast-check';

/** How a file's bytes stand for its text. */
const ENCODINGS = ['utf-8', 'bom', 'crlf', 'latin1', 'invalid', 'utf-16'] as const;
const CSS_FORMS = ['import', 'url', 'unquoted', 'image-set', 'map'] as const;
const JS_FORMS = ['import', 'export', 'dynamic', 'new-url', 'map'] as const;

/** A reference as it is generated. */
interface GeneratedReference {
  /** The index of the file it leads to. */
  readonly target: number;
  /** Which of the language's forms it is written in. */
  readonly form: number;
  readonly quote: '"' | "'";
  /** Whether all that may be percent-escaped is. */
  readonly escaped: boolean;
  readonly absolute: boolean;
}

/** A file of a generated tree. */
export interface GeneratedFile {
  readonly logicalPath: string;
  readonly encoding: (typeof ENCODINGS)[number];
  readonly references: readonly GeneratedReference[];
  /** Changes with an edit that changes no reference. */
  readonly salt: number;
}

export type GeneratedTree = readonly GeneratedFile[];

const letters = fc.constantFrom(
  ...[
    'a',
    'b',
    '.',
    ' ',
    '%',
    'é',
    '日',
    '😀',
    "'",
    '"',
    '#',
    '?',
    '(',
    ')',
    '%20',
    '%2e',
    ':',
    '\\',
    '&',
    '$',
  ],
);
const stem = fc
  .array(letters, { minLength: 1, maxLength: 4 })
  .map((parts) => parts.join(''))
  .filter((name) => /[^.]/.test(name));
const extension = fc.constantFrom('.css', '.css', '.js', '.js', '.mjs', '.png', '', '.tar.gz', '.CSS');
const folder = fc.constantFrom('', '', 'd/', 'd/e é/', 'f%/');
const logicalPath = fc.tuple(folder, stem, extension).map((parts) => parts.join(''));

/** Trees of style sheets, scripts and other files that refer to each other, in circles too. */
export const generatedTree: fc.Arbitrary<GeneratedTree> = fc
  .uniqueArray(logicalPath, { minLength: 2, maxLength: 7 })
  .chain((paths) => fc.tuple(...paths.map((name) => fileOf(name, paths.length))));

function fileOf(name: string, count: number): fc.Arbitrary<GeneratedFile> {
  const reference = fc.record({
    target: fc.nat(count - 1),
    form: fc.nat(4),
    quote: fc.constantFrom('"' as const, "'" as const),
    escaped: fc.boolean(),
    absolute: fc.boolean(),
  });
  return fc.record({
    logicalPath: fc.constant(name),
    encoding: fc.constantFrom(...ENCODINGS),
    references: fc.array(reference, { maxLength: 3 }),
    salt: fc.nat(1000),
  });
}

/** The indexes of the files to which a file's references lead, where its references are looked for. */
export function edgesOf(file: GeneratedFile): readonly number[] {
  const looked = languageOf(file) !== undefined && file.encoding !== 'utf-16';
  return looked ? written(file).map(({ target }) => target) : [];
}

/** The file's bytes, with the targets' hashes in the references that are looked for. */
export function render(
  file: GeneratedFile,
  tree: GeneratedTree,
  hashOf: (target: number) => string | undefined = () => undefined,
): Buffer {
  const language = languageOf(file);
  const lines = (language ? written(file) : []).map((reference) => {
    const latin1 = file.encoding === 'latin1' && language === 'css';
    const hash = file.encoding === 'utf-16' ? undefined : hashOf(reference.target);
    const url = urlOf(reference, file, tree, latin1, hash);
    return language === 'css' ? cssLine(reference, url) : jsLine(reference, url);
  });
  return encode(file, [`/* ${file.salt} é url(no.png) import "./no.js" */`, ...lines, '']);
}

function languageOf({ logicalPath: name }: GeneratedFile): 'css' | 'js' | undefined {
  if (/\.css$/i.test(name)) return 'css';
  return /\.m?js$/i.test(name) ? 'js' : undefined;
}

/** Of the comments that name source maps only the last counts, so that only that is written. */
function written({ references }: GeneratedFile): readonly GeneratedReference[] {
  return references.filter(({ form }, index) => form !== 4 || index === references.length - 1);
}

function cssLine({ form, quote }: GeneratedReference, url: string): string {
  const text = `${quote}${url.replaceAll(quote, `\\${quote}`)}${quote}`;
  const lines = {
    import: `@import ${text} screen;`,
    url: `a { b: url( ${text} ) }`,
    unquoted: `a { b: URL( ${url} ) }`,
    'image-set': `a { b: image-set(${text} 1x) }`,
    map: `/*# sourceMappingURL=${url} */`,
  };
  return lines[CSS_FORMS[form]!];
}

function jsLine({ form, quote }: GeneratedReference, url: string): string {
  const text = `${quote}${url.replaceAll(quote, `\\${quote}`)}${quote}`;
  const lines = {
    import: `import${text}`,
    export: `export * from ${text}`,
    dynamic: `import(/* "no" */ ${text}).then(() => /"/);`,
    'new-url': `new URL(${text}, import.meta.url);`,
    map: `//# sourceMappingURL=${url}`,
  };
  return lines[JS_FORMS[form]!];
}

function urlOf(
  { target, form, escaped, absolute }: GeneratedReference,
  from: GeneratedFile,
  tree: GeneratedTree,
  latin1: boolean,
  hash: string | undefined,
): string {
  const to = tree[target]!.logicalPath;
  const isCss = languageOf(from) === 'css';
  const bare = form === 4 || (isCss && CSS_FORMS[form] === 'unquoted');
  const escaping = escaped || bare ? escapeAll : escapeNeeded(latin1);
  const way = absolute ? `static/${to}` : path.posix.relative(path.posix.dirname(from.logicalPath), to);
  const steps = way.split('/');
  const [start, end] = splitName(steps.pop()!);
  const name = `${escaping(start)}${hash === undefined ? '' : `.${hash}`}${escaping(end)}`;
  return `${absolute ? '/' : './'}${[...steps.map(escaping), name].join('/')}`;
}

/** A base name, cut before its last extension; leading dots begin none. */
export function splitName(name: string): [stem: string, extension: string] {
  const dot = name.lastIndexOf('.');
  const cut = /^\.*$/.test(name.slice(0, dot + 1)) ? name.length : dot;
  return [name.slice(0, cut), name.slice(cut)];
}

function escapeAll(text: string): string {
  return encodeURIComponent(text).replace(/['()]/g, (sign) => `%${sign.charCodeAt(0).toString(16)}`);
}

function escapeNeeded(latin1: boolean): (text: string) => string {
  const needed = latin1 ? /[%?#\\]|^ +| +$|[^\0-\xff]/gu : /[%?#\\]|^ +| +$/gu;
  return (text) => text.replace(needed, (part) => encodeURIComponent(part));
}

function encode(file: GeneratedFile, lines: readonly string[]): Buffer {
  const text = lines.join('\n');
  const css = languageOf(file) === 'css';
  switch (file.encoding) {
    case 'bom':
      return Buffer.from(`\ufeff${text}`);
    case 'crlf':
      return Buffer.from(lines.join('\r\n'));
    case 'latin1':
      return css ? Buffer.from(`@charset "latin1";${text}`, 'latin1') : Buffer.from(text);
    case 'invalid':
      return Buffer.concat([Buffer.from('/* \xff\xc3 */', 'latin1'), Buffer.from(text)]);
    case 'utf-16':
      return Buffer.from(`\ufeff${text}`, 'utf16le');
    default:
      return Buffer.from(text);
  }
}
