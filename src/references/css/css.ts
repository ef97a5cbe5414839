import { isAscii } from 'node:buffer';
import { type CSSToken, TokenType, tokenizer } from '@csstools/css-tokenizer';
import { scanText } from '../embedded.js';
import {
  bomLength,
  cssEncoding,
  decoderFor,
  encodingWarning,
  otherThanUtf8,
  utf16Warning,
} from '../encoding.js';
import type { PlacedText } from '../escapes.js';
import { emptyScan } from '../make-reference.js';
import type { Scan, Scanner } from '../reference.js';
import { plainRulesEnd } from './plain-rules.js';
import { CssWalk } from './walk.js';

/**
 * A style sheet without any of these has no references, and uses no custom property. A backslash may escape any letter
 * of the others.
 */
const SIGNS = /url\(|src\(|@import|image-set\(|var\(|@property|sourceMappingURL|\\/i;

/**
 * Finds the references of a style sheet: `url()`, `src()`, `@import`, strings in `image-set()`, and the source map
 * comment.
 */
export const scanCss: Scanner = (bytes) => {
  const encoding = cssEncoding(bytes);
  const warning = utf16Warning(bytes) ?? encodingWarning(bytes, encoding);
  if (warning) return emptyScan(warning);
  const latin1 = bytes.toString('latin1', bomLength(bytes));
  return SIGNS.test(latin1) ? walk(bytes, latin1, encoding) : emptyScan();
};

function walk(bytes: Buffer, latin1: string, encoding: string): Scan {
  const cssWalk = new CssWalk(latin1, bomLength(bytes), decoderFor(encoding));
  // Browsers take every byte above ASCII for a part of a name. The tokenizer takes some Latin-1 characters for signs.
  const css = isAscii(bytes) ? latin1 : latin1.replace(/[\x80-\xff]+/g, (run) => 'À'.repeat(run.length));
  withoutStackTraces(() => takeAll(css, cssWalk));
  return { ...cssWalk.result(), ...otherThanUtf8(encoding) };
}

/** Reads a style sheet token by token, except for rules that load nothing. */
function takeAll(css: string, cssWalk: CssWalk): void {
  let base = 0;
  let { nextToken } = tokenizer({ css });
  for (;;) {
    const [type, text, start, last, value] = nextToken();
    if (type === TokenType.EOF) return;
    cssWalk.take([type, text, base + start, base + last, value] as CSSToken);
    if (!cssWalk.isBetweenRules) continue;
    const end = base + last + 1;
    const plainEnd = plainRulesEnd(css, end);
    if (plainEnd === end) continue;
    cssWalk.takePlain(css.slice(end, plainEnd));
    base = plainEnd;
    nextToken = tokenizer({ css: css.slice(base) }).nextToken;
  }
}

/** The tokenizer creates an Error for each parse error. With stack traces, 1 MB of bad strings takes 5 s. */
function withoutStackTraces(work: () => void): void {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 0;
  try {
    work();
  } finally {
    Error.stackTraceLimit = limit;
  }
}

/** Finds the references in the value of a `style` or presentation attribute. */
export function scanStyleAttribute(value: PlacedText): Scan {
  return /url|src|image-set|var|\\/i.test(value.bytes.toString('latin1'))
    ? scanText(scanCss, value)
    : emptyScan();
}
