import { describe, expect, it } from 'vitest';
import { buildManifest, detailsNameOf } from '../src/manifest.js';
import type { Output } from '../src/output.js';

const body = { bytes: new Uint8Array() };

function renamed(logicalPath: string, publicPath: string, more: Partial<Output> = {}): Output {
  return { logicalPath, publicPath, body, ...more };
}

function manifestOf(paths: Readonly<Record<string, string>>) {
  return buildManifest(Object.entries(paths).map(([logical, published]) => renamed(logical, published)));
}

function pathsIn(...outputs: Output[]): unknown {
  return JSON.parse(buildManifest(outputs).text).paths;
}

/** What Python gives: json.dumps({"paths": dict(sorted(paths.items())), "version": "1.1", "hash": …}). */
const DJANGO: [name: string, paths: Readonly<Record<string, string>>, text: string][] = [
  ['nothing', {}, String.raw`{"paths": {}, "version": "1.1", "hash": "d75171398898"}`],
  [
    'plain names',
    { c: 'd', a: 'b' },
    String.raw`{"paths": {"a": "b", "c": "d"}, "version": "1.1", "hash": "2b549db09205"}`,
  ],
  [
    '😀, é and names that are numbers',
    {
      '😀.png': '😀.0123456789ab.png',
      '\uffee.png': '\uffee.1.png',
      'é.css': 'é.abc.css',
      10: '10.9',
      9: '9.10',
      z: 'z',
    },
    String.raw`{"paths": {"10": "10.9", "9": "9.10", "z": "z", "\u00e9.css": "\u00e9.abc.css", "\uffee.png": "\uffee.1.png", "\ud83d\ude00.png": "\ud83d\ude00.0123456789ab.png"}, "version": "1.1", "hash": "55a9b4bae3bf"}`,
  ],
  [
    'DEL, quotes, a backslash and control characters',
    { 'del\x7f "q" \\ \n\t\x01.txt': 'x\x80y' },
    String.raw`{"paths": {"del\u007f \"q\" \\ \n\t\u0001.txt": "x\u0080y"}, "version": "1.1", "hash": "fe1f716404e3"}`,
  ],
  [
    'names that objects have',
    { constructor: 'c', ['__proto__']: '__proto__.1' },
    String.raw`{"paths": {"__proto__": "__proto__.1", "constructor": "c"}, "version": "1.1", "hash": "731c0b295085"}`,
  ],
];

describe('a manifest', () => {
  it.each(DJANGO)('is byte for byte what Django writes, with %s', (_, paths, text) => {
    expect(manifestOf(paths).text).toBe(text);
  });

  it('tells its hash', () => {
    expect(manifestOf({ a: 'b', c: 'd' }).hash).toBe('2b549db09205');
  });

  it('has the new name, wherever the original stands', () => {
    const original = renamed('a.css', 'a.css');
    const hashed = renamed('a.css', 'a.1.css');
    expect(pathsIn(original, hashed)).toEqual({ 'a.css': 'a.1.css' });
    expect(pathsIn(hashed, original)).toEqual({ 'a.css': 'a.1.css' });
  });

  it('has the own name of what was not renamed', () => {
    expect(pathsIn(renamed('robots.txt', 'robots.txt'))).toEqual({ 'robots.txt': 'robots.txt' });
  });

  it('has the last of several new names', () => {
    expect(pathsIn(renamed('a', 'a.1'), renamed('a', 'a.1.2'))).toEqual({ a: 'a.1.2' });
  });

  it('has no other forms of a file', () => {
    const variant = renamed('a.css', 'a.1.css.gz', { variantOf: 'a.1.css' });
    expect(pathsIn(renamed('a.css', 'a.1.css'), variant)).toEqual({ 'a.css': 'a.1.css' });
  });
});

it.each([
  ['staticfiles.json', 'staticfiles.details.json'],
  ['a.json.json', 'a.json.details.json'],
])('the details of %s are %s', (name, details) => {
  expect(detailsNameOf(name)).toBe(details);
});
