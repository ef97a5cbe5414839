/** A range of a text. */
export type Span = readonly [start: number, end: number];

/** A text without this names no source map. */
export const SOURCE_MAP_SIGN = 'sourceMappingURL=';

/**
 * The text after `//` or `/*`. Browsers ignore a URL with quotes. White space is spelled out: `\s` would match U+00A0,
 * which here is half of a UTF-8 character. https://tc39.es/ecma426/#sec-MatchSourceMapURL
 */
const CONTENT = /^[#@][ \t\n\r\f]*sourceMappingURL=([^ \t\n\r\f"'`]*)[ \t\n\r\f]*$/;

/** The source map's URL in the block comment from `start` to `end`; `undefined` if it has none. */
export function blockSourceMap(text: string, start: number, end: number): Span | undefined {
  const match = CONTENT.exec(text.slice(start + 2, end - 2));
  if (!match || !text.startsWith('*/', end - 2)) return undefined;
  const urlStart = start + 2 + match[0].indexOf('=') + 1;
  return [urlStart, urlStart + match[1]!.length];
}

/** What looks like a source map comment. Only a lexer knows whether it is one, or part of a string. */
export interface SourceMapComment {
  readonly comment: Span;
  readonly url: Span;
}

/** Finds the last text in a script that looks like a source map comment. */
export function lastSourceMapComment(text: string): SourceMapComment | undefined {
  let limit = text.length;
  let sign = text.lastIndexOf(SOURCE_MAP_SIGN);
  while (sign >= 0) {
    const found = commentAround(text, sign, limit);
    if (found) return found;
    // A comment cannot reach over the next sign, and one try per line is enough. This keeps the search linear.
    limit = sign;
    const lineStart = text.lastIndexOf('\n', sign);
    sign = lineStart <= 0 ? -1 : text.lastIndexOf(SOURCE_MAP_SIGN, lineStart - 1);
  }
  return undefined;
}

function commentAround(text: string, sign: number, limit: number): SourceMapComment | undefined {
  let head = sign;
  while (head > 0 && (text[head - 1] === ' ' || text[head - 1] === '\t')) head--;
  const start = head - '//#'.length;
  if (start < 0 || text[start] !== '/') return undefined;
  // The slash may belong to another comment: `///# …`, `/* */# …`.
  if (start > 0 && '/*'.includes(text[start - 1]!)) return undefined;
  return text[start + 1] === '*' ? blockComment(text, start, limit) : lineComment(text, start, limit);
}

function blockComment(text: string, start: number, limit: number): SourceMapComment | undefined {
  const close = text.slice(start, limit).indexOf('*/', 2);
  const end = start + close + 2;
  const url = close === -1 ? undefined : blockSourceMap(text, start, end);
  return url && { comment: [start, end], url };
}

function lineComment(text: string, start: number, limit: number): SourceMapComment | undefined {
  const rest = text.slice(start, limit);
  const newline = rest.search(/[\n\r]/);
  const line = newline === -1 ? rest : rest.slice(0, newline);
  const match = line[1] === '/' ? CONTENT.exec(line.slice(2)) : null;
  if (!match) return undefined;
  const urlStart = start + 2 + match[0].indexOf('=') + 1;
  return { comment: [start, start + line.length], url: [urlStart, urlStart + match[1]!.length] };
}
