import { describe, expect, it } from 'vitest';
import { manifestText } from '../src/manifest.js';

describe('manifestText', () => {
  // The hashes are Python's: md5(json.dumps(sorted(paths.items())).encode()).hexdigest()[:12]
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
  ] as const)('of %j has Django’s hash', (entries, hash) => {
    const text = manifestText(entries as readonly (readonly [string, string])[]);
    const { paths, version, hash: found } = JSON.parse(text);
    expect([version, found]).toEqual(['1.1', hash]);
    expect(paths).toEqual(Object.fromEntries(entries));
  });

  it('keeps the order of its entries, numbers too', () => {
    expect(
      manifestText([
        ['.a', '.a'],
        ['10', '10'],
        ['a', 'a'],
      ]),
    ).toMatch(/"\.a".*\n"10".*\n"a"/);
  });
});
