import { describe, expect, it } from 'vitest';
import { buildManifest, detailsNameOf } from '../../src/manifest/manifest.js';
import type { Output } from '../../src/model/output.js';

const body = { kind: 'bytes' as const, bytes: Buffer.from('') };

const output = (logicalPath: string, publicPath: string): Output => ({ logicalPath, publicPath, body });

describe('buildManifest', () => {
  // The hashes come from Python: md5(json.dumps(sorted(paths.items())).encode()).hexdigest()[:12]
  it.each([
    [[['a.txt', 'a.60b725f10c9c.txt']], 'bb8e345a1861'],
    [[], 'd75171398898'],
    [
      [
        ['10', '10.x'],
        ['é"\\\x7f', 'é.x'],
        ['😀', '😀.x'],
      ],
      '428d642d610a',
    ],
  ] as const)('gives %j the hash that Django gives it', (entries, hash) => {
    const manifest = buildManifest(entries.map(([logical, published]) => output(logical, published)));
    const { paths, version, hash: found } = JSON.parse(String(manifest.bytes));
    expect([version, found, manifest.hash]).toEqual(['1.1', hash, hash]);
    expect(paths).toEqual(Object.fromEntries(entries));
  });

  it('sorts by code point, including numbers and characters beyond the BMP', () => {
    const names = ['😀', '\uffff', 'a', '10', '.a', 'Z'];
    const text = String(buildManifest(names.map((name) => output(name, name))).bytes);
    const keys = [...text.matchAll(/^("[^"]*"): /gm)].map(([, key]) => JSON.parse(key!));
    expect(keys).toEqual(['.a', '10', 'Z', 'a', '\uffff', '😀']);
  });

  it('names the fingerprinted file if the original is published too, in any order, and no variants', () => {
    const variant = { ...output('a', 'a.1.gz'), variantOf: 'a.1' };
    const outputs = [output('a', 'a'), variant, output('b', 'b.1'), output('a', 'a.1'), output('b', 'b')];
    expect(JSON.parse(String(buildManifest(outputs).bytes)).paths).toEqual({ a: 'a.1', b: 'b.1' });
  });
});

it('the details are named after their manifest', () => {
  expect(detailsNameOf('assets.json')).toBe('assets.details.json');
});
