import { describe, expect, it } from 'vitest';
import { scanCss } from '../../../src/references/css/css.js';
import { fingerprinted } from '../fingerprinted.js';

const REWRITTEN: readonly (readonly [what: string, source: string, result: string])[] = [
  ['url() without quotes', 'a{b:url(img/c.png)}', 'a{b:url(img/c.f00d.png)}'],
  ['url() in single quotes', "a{b:url('c.png')}", "a{b:url('c.f00d.png')}"],
  ['url() in double quotes', 'a{b:url("c.png")}', 'a{b:url("c.f00d.png")}'],
  ['url in capitals', 'a{b:URL(c.png) Url("d.png")}', 'a{b:URL(c.f00d.png) Url("d.f00d.png")}'],
  ['white space inside', 'a{b:url( c.png )}', 'a{b:url( c.f00d.png )}'],
  ['white space in the quotes, which browsers drop', "a{b:url('c.png ')}", "a{b:url('c.f00d.png ')}"],
  ['and after a name without extension', "a{b:url(' LICENSE ')}", "a{b:url(' LICENSE.f00d ')}"],
  ['newlines', 'a{b:url(\n  "c.png"\n)}', 'a{b:url(\n  "c.f00d.png"\n)}'],
  ['CRLF', 'a{b:url(\r\n  c.png\r\n)}', 'a{b:url(\r\n  c.f00d.png\r\n)}'],
  ['several in a line', 'a{b:url(c.png) x,url(d.png)}', 'a{b:url(c.f00d.png) x,url(d.f00d.png)}'],
  ['a parenthesis in quotes', 'a{b:url("c (1).png")}', 'a{b:url("c (1).f00d.png")}'],
  ['an escaped space', 'a{b:url(c\\ d.png)}', 'a{b:url(c\\ d.f00d.png)}'],
  ['an escaped space at the end, which browsers drop', 'a{b:url(c\\ )}', 'a{b:url(c.f00d\\ )}'],
  ['an escaped dot, ended by a space', 'a{b:url(c\\2e png)}', 'a{b:url(c.f00d\\2e png)}'],
  ['an escaped dot of six digits', 'a{b:url("c\\00002epng")}', 'a{b:url("c.f00d\\00002epng")}'],
  ['an escape right before the dot', 'a{b:url(\\63.png)}', 'a{b:url(\\63.f00d.png)}'],
  ['an escape with its space before the dot', 'a{b:url(\\63 .png)}', 'a{b:url(\\63 .f00d.png)}'],
  ['an escape before an escaped dot', 'a{b:url(\\63\\2e png)}', 'a{b:url(\\63.f00d\\2e png)}'],
  ['an escape at the end', 'a{b:url( LICENS\\45 )}', 'a{b:url( LICENS\\45 .f00d)}'],
  ['an escaped query', 'a{b:url(c\\3f d.png)}', 'a{b:url(c.f00d\\3f d.png)}'],
  ['a continued line', 'a{b:url("c\\\n.png")}', 'a{b:url("c\\\n.f00d.png")}'],
  [
    'an escape in the name of the function',
    'a{b:\\75 rl(c.png) u\\52l("d.png")}',
    'a{b:\\75 rl(c.f00d.png) u\\52l("d.f00d.png")}',
  ],
  [
    'query and fragment',
    'a{b:url(c.eot?#iefix) url(d.svg?v=1.2#e/f.g)}',
    'a{b:url(c.f00d.eot?#iefix) url(d.f00d.svg?v=1.2#e/f.g)}',
  ],
  [
    'percent-escapes',
    'a{b:url(my%20c.png) url(d%2Epng) url(a.b%2FLICENSE)}',
    'a{b:url(my%20c.f00d.png) url(d.f00d%2Epng) url(a.b%2FLICENSE.f00d)}',
  ],
  ['no extension', 'a{b:url(a.b/LICENSE?c.d)}', 'a{b:url(a.b/LICENSE.f00d?c.d)}'],
  ['leading dots', 'a{b:url(.htaccess) url(x/.a.b)}', 'a{b:url(.htaccess.f00d) url(x/.a.f00d.b)}'],
  ['several extensions', 'a{b:url(a.tar.gz)}', 'a{b:url(a.tar.f00d.gz)}'],
  ['other alphabets', 'é{b:url(über/ñ.png)}', 'é{b:url(über/ñ.f00d.png)}'],
  ['a custom property', ':root{--x:url(c.png)}', ':root{--x:url(c.f00d.png)}'],
  [
    'a font',
    '@font-face{src:url(f.woff2)format("woff2")}',
    '@font-face{src:url(f.f00d.woff2)format("woff2")}',
  ],
  ['src()', 'a{b:src("c.png") SRC( /* x */ "d.png")}', 'a{b:src("c.f00d.png") SRC( /* x */ "d.f00d.png")}'],
  [
    'a url with modifiers',
    'a{b:url("c.png" crossorigin(anonymous))}',
    'a{b:url("c.f00d.png" crossorigin(anonymous))}',
  ],
  [
    'image-set()',
    'a{b:image-set("c.png" 1x,url(d.png) 2x)}',
    'a{b:image-set("c.f00d.png" 1x,url(d.f00d.png) 2x)}',
  ],
  [
    'image-set() with types',
    'a{b:IMAGE-SET("c.avif" type("image/avif"),"d.png")}',
    'a{b:IMAGE-SET("c.f00d.avif" type("image/avif"),"d.f00d.png")}',
  ],
  ['-webkit-image-set()', 'a{b:-webkit-image-set("c.png" 1x)}', 'a{b:-webkit-image-set("c.f00d.png" 1x)}'],
  [
    'image-set() in another function',
    'a{b:f(image-set("c.png"),"x.png")}',
    'a{b:f(image-set("c.f00d.png"),"x.png")}',
  ],
  ['@import of a string', '@import "b.css";', '@import "b.f00d.css";'],
  ['@import without a space', "@import'b.css';", "@import'b.f00d.css';"],
  ['@IMPORT, spaces in the string', "@IMPORT ' b.css';", "@IMPORT ' b.f00d.css';"],
  ['@import with escapes', '@\\69mport "b.css";', '@\\69mport "b.f00d.css";'],
  ['@import after a comment', '@import/* "x.css" */"b.css";', '@import/* "x.css" */"b.f00d.css";'],
  [
    '@import of a url',
    '@import url(b.css);@import url("c.css");',
    '@import url(b.f00d.css);@import url("c.f00d.css");',
  ],
  [
    '@import with layer, supports and media',
    '@import "b.css" layer(x) supports(background:url(x.png)) screen and (a:b);a{b:url(c.png)}',
    '@import "b.f00d.css" layer(x) supports(background:url(x.png)) screen and (a:b);a{b:url(c.f00d.png)}',
  ],
  [
    'inside at-rules',
    '@media x{@supports(a:url(x.png)){a{b:url(c.png)}}}',
    '@media x{@supports(a:url(x.png)){a{b:url(c.f00d.png)}}}',
  ],
  ['the end of the file in a string', '@import "b.css', '@import "b.f00d.css'],
  ['the end of the file in an escape', '@import "b\\', '@import "b.f00d\\'],
  ['the end of the file in a url', 'a{b:url(c.png ', 'a{b:url(c.f00d.png '],
  ['a byte order mark', '\ufeff@import "b.css";', '\ufeff@import "b.f00d.css";'],
  ['a source map', 'a{}\n/*# sourceMappingURL=a.css.map */', 'a{}\n/*# sourceMappingURL=a.css.f00d.map */'],
  [
    'a source map in a minified line',
    'a{}/*# sourceMappingURL=a.css.map*/b{}/**/',
    'a{}/*# sourceMappingURL=a.css.f00d.map*/b{}/**/',
  ],
  [
    'a source map with tabs',
    '/*#\tsourceMappingURL=a.css.map\t*/',
    '/*#\tsourceMappingURL=a.css.f00d.map\t*/',
  ],
  [
    'a source map in the old form',
    '/*@ sourceMappingURL=a.css.map */',
    '/*@ sourceMappingURL=a.css.f00d.map */',
  ],
  [
    'only the last source map',
    '/*# sourceMappingURL=a.map *//*# sourceMappingURL=b.map */',
    '/*# sourceMappingURL=a.map *//*# sourceMappingURL=b.f00d.map */',
  ],
];

const UNTOUCHED: readonly (readonly [what: string, source: string])[] = [
  ['comments', '/* url(a.png) @import "b.css"; */'],
  ['strings', 'a{content:"url(a.png)"} a[b="url(c.png)"]{}'],
  ['functions whose names only end so', 'a{b:curl(foo.png) my-url("x.png") éurl(c.png) 1url(d.png)}'],
  ['names that only begin so', '@importé "b.css";@imported "b.css";'],
  ['@namespace', '@namespace x url(foo.png);@namespace "bar.png";'],
  ['@charset', '@charset "utf-8";a{b:c\\64}'],
  ['conditions', '@supports (b:url(c.png)){}@document url(d.html){}'],
  ['data: URLs', 'a{b:url(data:image/png;base64,AA.AA);c:url( "DATA:image/svg+xml,a.png" )}'],
  ['what stands in data: URLs', `a{b:url("data:image/svg+xml,<g fill='url(#a)' href='url(in.png)'/>")}`],
  ['encoded data: URLs', 'a{b:url("data:image/svg+xml,%3Cg fill=%27url(c.png)%27/%3E")}'],
  ['broken urls', 'a{b:url(c d.png)}a{b:url(e"f.png)}'],
  ['unlike quotes', `a{b:url('c.png")}\n`],
  ['broken strings', '@import "b.css\n";'],
  ['strings of other functions', 'a{b:format("c.png") attr("d.png")}'],
  ['the source map in the file itself', '/*# sourceMappingURL=data:application/json;base64,e30= */'],
  ['source maps with quotes', '/*# sourceMappingURL="a.map" */'],
  ['a source map in a string', 'a{content:"/*# sourceMappingURL=a.map */"}'],
];

describe('scanCss', () => {
  it.each(REWRITTEN)('finds %s', (_what, source, result) => {
    expect(fingerprinted(scanCss, source)).toBe(result);
  });

  it.each(UNTOUCHED)('passes over %s', (_what, source) => {
    expect(fingerprinted(scanCss, source)).toBe(source);
  });

  it('returns the position, kind and URL of a reference', () => {
    const source = "a{b:url('\\e9 x\\2e png?a#b')}";
    expect(scanCss(Buffer.from(source)).references).toEqual([
      { kind: 'css-url', start: 9, end: 25, url: 'éx.png?a#b', insertionOffset: 14 },
    ]);
  });

  it('returns the kinds', () => {
    const source = '@import "a.css";a{b:url(c);d:image-set("e")}/*# sourceMappingURL=f */';
    const kinds = scanCss(Buffer.from(source)).references.map(({ kind, url }) => [kind, url]);
    expect(kinds).toEqual([
      ['css-import', 'a.css'],
      ['css-url', 'c'],
      ['css-image-set', 'e'],
      ['css-source-map', 'f'],
    ]);
  });

  it('reports empty references and fragments, for the resolver to leave alone', () => {
    const source = Buffer.from("a{b:url();c:url('');d:url(#x)}");
    expect(scanCss(source).references.map(({ url }) => url)).toEqual(['', '', '#x']);
  });

  it('restores the limit of stack traces', () => {
    const limit = Error.stackTraceLimit;
    scanCss(Buffer.from('a{b:"\nurl(x.png)}'));
    expect(Error.stackTraceLimit).toBe(limit);
  });
});

describe('the encoding of a style sheet', () => {
  const latin1 = (text: string) => Buffer.from(text, 'latin1');

  it('is Latin-1 if @charset says so', () => {
    const source = latin1('@charset "latin1";\xe9{b:url(\xfcber.png)}');
    expect(scanCss(source).references[0]?.url).toBe('über.png');
    expect(fingerprinted(scanCss, source)).toBe('@charset "latin1";\xe9{b:url(\xfcber.f00d.png)}');
  });

  it('mixes escapes and bytes', () => {
    const source = latin1('@charset "latin1";a{b:url(\\20ac \xfc\\\xfc.png)}');
    expect(scanCss(source).references[0]?.url).toBe('€üü.png');
  });

  it('is UTF-8 after a byte order mark, whatever @charset says', () => {
    const source = Buffer.from('\ufeff@charset "latin1";a{b:url(ü.png)}');
    expect(scanCss(source).references[0]?.url).toBe('ü.png');
  });

  it.each(['nonsense', 'utf-16'])('is UTF-8 if @charset says %s', (label) => {
    expect(scanCss(Buffer.from(`@charset "${label}";a{b:url(ü.png)}`)).references[0]?.url).toBe('ü.png');
  });

  it('skips only the reference with invalid bytes', () => {
    const { references, skipped } = scanCss(latin1('a{b:url(\xfc.png) url(c.png)}\xff'));
    expect(references.map(({ url }) => url)).toEqual(['c.png']);
    expect(skipped).toEqual([{ kind: 'css-url', start: 8, end: 13, reason: 'undecodable' }]);
  });

  it.each(['\xff\xfe', '\xfe\xff'])('is not UTF-16', (mark) => {
    const scan = scanCss(latin1(`${mark}u\0r\0l\0`));
    expect(scan.references).toEqual([]);
    expect(scan.warnings.map(({ code }) => code)).toEqual(['utf-16']);
  });

  it('must not be one whose characters may contain a backslash byte', () => {
    const sheet = '@charset "shift_jis";a{b:url(c.png)}';
    expect(scanCss(latin1(sheet)).references).toHaveLength(1);
    expect(scanCss(latin1(`${sheet}\x95\x5c`)).warnings.map(({ code }) => code)).toEqual(['encoding']);
  });
});

describe('custom properties', () => {
  const scan = (css: string) => scanCss(Buffer.from(css));
  const inProperties = (css: string) =>
    scan(css).references.map(({ url, customProperty }) => [url, customProperty]);

  it('the property whose value contains a URL is known', () => {
    expect(
      inProperties(
        ':root { --a: url(a.png), image-set("b.png" 1x); c: url(c.png); --d : { e: url(d.png); f: g } ; h: url(e.png) }' +
          '@media x { i { --j: url("f.png") } } k { l: var(--m, url(g.png)) } /*# sourceMappingURL=h.map */',
      ),
    ).toEqual([
      ['a.png', '--a'],
      ['b.png', '--a'],
      ['c.png', undefined],
      ['d.png', '--d'],
      ['e.png', undefined],
      ['f.png', '--j'],
      ['g.png', undefined],
      ['h.map', undefined],
    ]);
  });

  it('in an attribute too', () => {
    expect(inProperties('--a: url(a.png); b: url(b.png)')).toEqual([
      ['a.png', '--a'],
      ['b.png', undefined],
    ]);
  });

  it.each([
    ['a{b:var(--c) var( /* x */ --d, var(--e))}', { uses: ['--c', '--d', '--e'], passes: [], typed: [] }],
    ['a{--b:var(--c);d:VAR(--e)}', { uses: ['--e'], passes: [['--c', '--b']], typed: [] }],
    [
      '@property --a{syntax:"<image>";inherits:true}@property --b{syntax:"*";inherits:true}',
      { uses: [], passes: [], typed: ['--a'] },
    ],
    ['a{b:c}/* var(--d) */', undefined],
    ['a{b:url(c.png);content:"var(--d)"}', undefined],
  ])('where they are used is known: %s', (css, expected) => {
    expect(scan(css).customProperties).toEqual(expected);
  });
});

describe('@import that browsers ignore', () => {
  it.each([
    ['@charset "utf-8";@layer a;@import "b.css";@layer c;@import "d.css";', []],
    ['@unknown;@import "b.css";', []],
    ['a{}@import "b.css";', ['b.css']],
    ['@media x{}@import "b.css";', ['b.css']],
    ['@layer a{}@import "b.css";', ['b.css']],
    ['@namespace a url(b);@import "c.css";', ['c.css']],
    ['a{@import "b.css";}', ['b.css']],
    ['@import "a.css";@media x{@import "b.css";}@import "c.css";', ['b.css', 'c.css']],
  ])('%s', (css, ignored) => {
    const { references } = scanCss(Buffer.from(css));
    expect(references.filter(({ isIgnored }) => isIgnored).map(({ url }) => url)).toEqual(ignored);
  });
});

it('data: URLs are listed, and not rewritten', () => {
  const { references, skipped } = scanCss(Buffer.from('a{b:url(data:,x);c:url(" DATA:,y")}'));
  expect([references, skipped.map(({ kind, reason }) => [kind, reason])]).toEqual([
    [],
    [
      ['css-url', 'scheme'],
      ['css-url', 'scheme'],
    ],
  ]);
});
