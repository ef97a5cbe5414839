import { type ImportSpecifier, parse } from 'es-module-lexer/minimal';
import type { ScanWarning } from '../reference.js';
import {
  lastSourceMapComment,
  SOURCE_MAP_SIGN,
  type SourceMapComment,
  type Span,
} from '../source-map-comment.js';
import { lexable } from './text.js';

/** A script and what its lexer said of it. */
export interface Lexed {
  /** One character a byte. */
  readonly text: string;
  readonly imports: readonly ImportSpecifier[];
  /** Where the source map's URL stands, if a comment in code names one. */
  readonly sourceMap: Span | undefined;
}

/** Lexes a script, or says why that cannot be done. */
export function lex(bytes: Buffer): Lexed | ScanWarning {
  const mayNameMap = bytes.includes(SOURCE_MAP_SIGN);
  try {
    return lexText(lexable(bytes, '\n\n\n'), mayNameMap);
  } catch (error) {
    return lexAgain(bytes, mayNameMap, error as Error);
  }
}

/** A U+2028 in a string, taken for a newline, is an error to the lexer. */
function lexAgain(bytes: Buffer, mayNameMap: boolean, first: Error): Lexed | ScanWarning {
  try {
    return lexText(lexable(bytes, '\\\r\n'), mayNameMap);
  } catch {
    const place = first.message.replace(/^Parse error @:/, '');
    return {
      code: 'unparsable',
      message: `it is not valid JavaScript (at ${place}), so its references are left as they are`,
    };
  }
}

/** @param mayNameMap known from the bytes, where searching is several times faster */
function lexText(text: string, mayNameMap: boolean): Lexed {
  const comment = mayNameMap ? lastSourceMapComment(text) : undefined;
  if (!comment) return { text, imports: parse(text)[0], sourceMap: undefined };
  const marked = markComment(text, comment);
  const mark = comment.comment[0] + 1;
  const all = parse(marked)[0];
  const imports = all.filter(({ ss }) => ss !== mark);
  return { text: marked, imports, sourceMap: imports.length < all.length ? comment.url : undefined };
}

/** With `import.meta` in the comment's place the lexer says whether it stands in code or, say, in a template. */
function markComment(text: string, { comment: [start, end] }: SourceMapComment): string {
  return `${text.slice(0, start)}${' import.meta;'.padEnd(end - start)}${text.slice(end)}`;
}
