import { type ImportSpecifier, type ParseError, parse } from 'es-module-lexer/minimal';
import type { ScanWarning } from '../reference.js';
import {
  lastSourceMapComment,
  SOURCE_MAP_SIGN,
  type SourceMapComment,
  type Span,
} from '../source-map-comment.js';
import { lexable } from './text.js';

/** A script, and what its lexer found. */
export interface Lexed {
  /** One character a byte. */
  readonly text: string;
  readonly imports: readonly ImportSpecifier[];
  /** The URL of the source map; `undefined` if no comment names one. */
  readonly sourceMap: Span | undefined;
}

/** Lexes a script. Returns a warning if its syntax is invalid. */
export function lex(bytes: Buffer): Lexed | ScanWarning {
  const mayNameMap = bytes.includes(SOURCE_MAP_SIGN);
  try {
    return lexText(lexable(bytes, '\n\n\n'), mayNameMap);
  } catch (error) {
    return lexAgain(bytes, mayNameMap, error as ParseError);
  }
}

/** Tries the other reading of U+2028: in a string it must not be a newline. See {@link WideNewline}. */
function lexAgain(bytes: Buffer, mayNameMap: boolean, first: ParseError): Lexed | ScanWarning {
  try {
    return lexText(lexable(bytes, '\\\r\n'), mayNameMap);
  } catch {
    return { code: 'unparsable', message: 'not rewritten: invalid JavaScript', offset: first.idx };
  }
}

/** @param mayNameMap whether a source map is possible. Searching the bytes for it is faster than searching the text */
function lexText(text: string, mayNameMap: boolean): Lexed {
  const comment = mayNameMap ? lastSourceMapComment(text) : undefined;
  if (!comment) return { text, imports: parse(text)[0], sourceMap: undefined };
  const marked = markComment(text, comment);
  const mark = comment.comment[0] + 1;
  const all = parse(marked)[0];
  const imports = all.filter(({ ss }) => ss !== mark);
  return { text: marked, imports, sourceMap: imports.length < all.length ? comment.url : undefined };
}

/** Replaces the comment by `import.meta`, which the lexer reports in code, but not in a template or string. */
function markComment(text: string, { comment: [start, end] }: SourceMapComment): string {
  return `${text.slice(0, start)}${' import.meta;'.padEnd(end - start)}${text.slice(end)}`;
}
