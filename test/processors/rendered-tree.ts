import path from 'node:path';
import type { GeneratedFile, GeneratedReference, GeneratedTree } from './generated-tree.js';

const CSS_FORMS = ['import', 'url', 'unquoted', 'image-set', 'map'] as const;
const JS_FORMS = ['import', 'export', 'dynamic', 'new-url', 'map'] as const;

/** The indexes of the files that a file refers to. Empty if the file is not scanned. */
export function edgesOf(file: GeneratedFile): readonly number[] {
  const looked = languageOf(file) !== undefined && file.encoding !== 'utf-16';
  return looked ? written(file).map(({ target }) => target) : [];
}

/** The file's bytes, with the targets' hashes in the references that are rewritten. */
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

/** Only the last source map comment counts, so only that one is written. */
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

/** Splits a base name before its last extension. Leading dots do not begin one. */
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
