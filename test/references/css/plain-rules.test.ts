import fs from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { scanCss } from '../../../src/references/css/css.js';
import { plainRulesEnd, usedIn } from '../../../src/references/css/plain-rules.js';
import { scanEveryToken } from './every-token.js';

const NODE_MODULES = path.resolve(import.meta.dirname, '../../../node_modules');

describe('plain rules are skipped', () => {
  it.each([
    'a{b:c;d:e}',
    'a{b:c;}\n\n.d > e:hover{f:g}',
    'b:c;--d:e;',
    'a[b="c"],a:not(.d):nth-child(2n + 1){e:rgba(0, 0, 0, calc(var(--f) * (1 - 2)))}',
    '.fa-x{--fa:"\\f000"}',
    "a{font:1rem/2 'b c','d\\'e'}",
    '<!--a{}b{}',
    'é{ü:ß}',
  ])('%s', (css) => {
    expect(plainRulesEnd(css, 0)).toBe(css.length);
  });

  it.each([
    ['a URL', 'a{b:c}d{e:url(f.png)}', 6],
    ['an image in capitals', 'b:c;d:IMAGE-SET("e.png" 1x);', 4],
    ['a custom property that uses another one', 'b:c;--d:var(--e);', 4],
    ['a block in a custom property', 'b:c;--d:{e:f};', 4],
    ['an escape', 'b:c;\\--d:e;', 4],
    ['a comment', 'b:c;/* d */', 4],
    ['an at-rule', 'b:c;@media d{}', 4],
    ['a bracket that is not closed', 'b:c;d:(e;f:g;', 4],
    ['a string with a newline', 'b:c;d:"e\n;f:g;', 4],
    ['a rule within a rule', 'a{b:c}d{e{f:g}}', 6],
  ])('up to %s', (_what, css, end) => {
    expect(plainRulesEnd(css, 0)).toBe(end);
  });

  it('and the custom properties that they use are known', () => {
    expect(usedIn('a{b:var(--c);d:calc(1px + VAR( --e, var(--f)))}g{h:#var(--i)}<!--var(--j)')).toEqual([
      '--c',
      '--e',
      '--f',
      '--j',
    ]);
  });
});

const PIECES = [
  ...['url(', 'src(', 'image-set(', 'var(', 'var( --a)', 'calc(', 'x.png', '"y.png"', "'z.svg'", 'data:,1'],
  ...['--a', '--b:', '--x:{', 'a', 'b{c:d}', 'a{', 'a:b;', ';', ':', ',', '(', ')', '{', '}', '[', ']'],
  ...['@property --a', 'syntax:"*"', 'syntax: "<image>";', '@import "a.css";', '@layer a;', '@media', '@'],
  ...['\\', '\\75rl(', 'u\\72l(', '\\2e ', '"', "'", '\\\n', '/*', '*/', '/**/', '/*# sourceMappingURL=a */'],
  ...[
    '.',
    '-',
    '-->',
    '<!--',
    '!',
    '#',
    '1',
    '1e',
    '+.5',
    '50%',
    '/',
    '~',
    ' ',
    '\n',
    '\r\n',
    '\f',
    '\0',
    'é',
  ],
];

describe('a style sheet has the references and custom properties that its tokens have', () => {
  it('whatever it is made of', () => {
    const sheets = fc.array(fc.constantFrom(...PIECES), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(sheets, fc.boolean(), (pieces, isAfterRule) => {
        const bytes = Buffer.from((isAfterRule ? 'a{b:url(c)}' : '') + pieces.join(''));
        const scan = scanEveryToken(bytes);
        const isFound =
          scan.customProperties !== undefined || scan.references.length + scan.skipped.length > 0;
        // Without any sign of a reference, nothing is scanned.
        if (isFound) expect(scanCss(bytes)).toEqual(scan);
        else expect(scanCss(bytes)).toMatchObject({ references: [], skipped: [] });
      }),
      { numRuns: 3000 },
    );
  });

  it.each(['bootstrap/dist/css', '@fortawesome/fontawesome-free/css', 'leaflet/dist', 'swagger-ui-dist'])(
    'as in %s',
    (folder) => {
      const files = fs.readdirSync(path.join(NODE_MODULES, folder)).filter((name) => name.endsWith('.css'));
      expect(files).not.toEqual([]);
      for (const name of files) {
        const bytes = fs.readFileSync(path.join(NODE_MODULES, folder, name));
        expect(scanCss(bytes), name).toEqual(scanEveryToken(bytes));
      }
    },
  );
});
