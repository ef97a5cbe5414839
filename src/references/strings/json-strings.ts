import jsonc from 'jsonc-parser';
import { bomLength, utf16Warning } from '../encoding.js';
import { unescapeJson } from '../json/json.js';
import { looksLikeFile, type NamedString, type StringScanner } from './named-string.js';

// The library's tokens are a `const enum`, which does not exist at run time.
const COLON = 6;

const STRING = 10;

const END = 17;

/** Finds the strings in a JSON file that look like names of files. Names of members are left out. */
export const jsonStrings: StringScanner = (bytes) => {
  if (utf16Warning(bytes)) return [];
  const base = bomLength(bytes);
  const text = bytes.toString('latin1', base);
  const scanner = jsonc.createScanner(text, true);
  const found: NamedString[] = [];
  let token: number = scanner.scan();
  while (token !== END) {
    const isString = token === STRING;
    const [start, end] = [
      scanner.getTokenOffset() + 1,
      scanner.getTokenOffset() + scanner.getTokenLength() - 1,
    ];
    token = scanner.scan();
    if (!isString || token === COLON) continue;
    const { value } = unescapeJson(text.slice(start, end));
    if (value !== undefined && looksLikeFile(value))
      found.push({ kind: 'json-string', start: base + start, end: base + end, value });
  }
  return found;
};
