import { TokenType, tokenize } from '@csstools/css-tokenizer';
import { CssWalk } from '../../../src/references/css/walk.js';
import { bomLength, cssEncoding, decoderFor, otherThanUtf8 } from '../../../src/references/encoding.js';
import type { Scan } from '../../../src/references/reference.js';

/** Scans a style sheet without skipping anything. */
export function scanEveryToken(bytes: Buffer): Scan {
  const encoding = cssEncoding(bytes);
  const latin1 = bytes.toString('latin1', bomLength(bytes));
  const walk = new CssWalk(latin1, bomLength(bytes), decoderFor(encoding));
  const css = latin1.replace(/[\x80-\xff]/g, 'À');
  for (const token of tokenize({ css })) if (token[0] !== TokenType.EOF) walk.take(token);
  return { ...walk.result(), ...otherThanUtf8(encoding) };
}
