import { type ImportSpecifier, parse } from 'es-module-lexer/minimal';
import { decodeUtf8, utf16Warning } from '../encoding.js';
import { unescapeText } from '../escapes.js';
import { lexable, readJavaScriptEscape } from '../javascript/text.js';
import type { Span } from '../source-map-comment.js';
import { looksLikeFile, type NamedString, type StringScanner } from './named-string.js';

/**
 * What looks like a string or a template without substitutions that ends with an extension. The closing quote is not
 * consumed: what begins with it is looked at too, because only a lexer knows which quotes belong together.
 */
const LITERAL =
  /(["'`])((?:https?:)?(?:[\w@~%.\-/\xc0]|\\[^\n]){1,250}?\.[A-Za-z\d]{1,11}(?:[?#][\w@~%.\-/=&]{0,50})?)(?=\1)/g;

const TRIVIA = String.raw`(?:\s|/\*(?:[^*]|\*(?!/)){0,200}\*/)*`;

/** Before a string that Node or a compiler reads: `require(`, `path.join(__dirname, `, `styleUrls: [`. */
const NOT_IN_BROWSERS = new RegExp(
  String.raw`(?:\brequire(?:\.resolve)?\(|\b__dirname\b[^;{}\n]*|\bstyleUrls\b[^;]*)${TRIVIA}$`,
);

/** Before the name of a member of an object. */
const BEFORE_MEMBER = new RegExp(`[{,]${TRIVIA}$`);

/**
 * Finds strings and templates in a script that look like names of files. Leaves out specifiers of imports, names of
 * members, and what only Node or a compiler reads.
 */
export const scriptStrings: StringScanner = (bytes) => {
  if (utf16Warning(bytes)) return [];
  return stringsIn(bytes, lexable(bytes, '\n\n\n')) ?? stringsIn(bytes, lexable(bytes, '\\\r\n')) ?? [];
};

/** Returns `undefined` if the text cannot be lexed. */
function stringsIn(bytes: Buffer, text: string): NamedString[] | undefined {
  if (!LITERAL.test(text)) return [];
  LITERAL.lastIndex = 0;
  try {
    const specifiers = parse(text)[0];
    return confirmed(text, literalsOf(text, specifiers)).flatMap((span) => namedString(bytes, span));
  } catch {
    return undefined;
  }
}

/** The text between the quotes of a string that is not a module specifier. A quote in a comment can look like one. */
function literalsOf(text: string, specifiers: readonly ImportSpecifier[]): readonly Span[] {
  const imported = new Set(specifiers.flatMap(({ s, d }) => (d === -2 ? [] : d >= 0 ? s + 1 : s)));
  return Array.from(text.matchAll(LITERAL), (match): Span => {
    const start = match.index + 1;
    return [start, start + match[2]!.length];
  }).filter(([start, end]) => {
    if (imported.has(start)) return false;
    const before = text.slice(Math.max(0, start - 240), start - 1);
    return (
      !NOT_IN_BROWSERS.test(before) &&
      !(BEFORE_MEMBER.test(before) && /^\s*:/.test(text.slice(end + 1, end + 20)))
    );
  });
}

const MARK = 'import.meta';

/**
 * Returns the literals that are code, and not part of a comment, another string, a template or a regular expression. Each
 * is replaced by `import.meta`, which the lexer reports in code only.
 */
function confirmed(text: string, literals: readonly Span[]): readonly Span[] {
  const marks = new Map<number, Span>();
  const parts: string[] = [];
  let length = 0;
  let from = 0;
  for (const span of literals) {
    const [start, end] = span;
    // It begins with the quote that ends the literal before it.
    if (start - 1 < from) continue;
    parts.push(text.slice(from, start - 1), ` ${MARK} `);
    length += start - 1 - from;
    marks.set(length + 1, span);
    length += MARK.length + 2;
    from = end + 1;
  }
  parts.push(text.slice(from));
  return parse(parts.join(''))[0].flatMap(({ ss }) => {
    const span = marks.get(ss);
    return span === undefined ? [] : [span];
  });
}

function namedString(bytes: Buffer, [start, end]: Span): NamedString[] {
  const { value } = unescapeText(bytes.toString('latin1', start, end), readJavaScriptEscape, decodeUtf8);
  return value !== undefined && looksLikeFile(value) ? [{ kind: 'js-string', start, end, value }] : [];
}
