import { describe, expect, it } from 'vitest';
import { scanCss } from '../../src/references/css/css.js';
import { scanJavaScript } from '../../src/references/javascript/javascript.js';
import { randomFrom } from '../support/random.js';
import { expectInvariant, type Found, foundBy } from './found.js';
import { sequence } from './generated.js';

/** A complete piece of code, and the references in it. */
type Piece = readonly [source: string, ...found: Found[]];

const CSS_PIECES: readonly Piece[] = [
  ['@import "a.css";', ['css-import', 'a.css']],
  ['@import url( b.css ) screen;', ['css-import', 'b.css']],
  ['@namespace x url(no.css);'],
  ['a{b:url(c.png)}', ['css-url', 'c.png']],
  ['a{b:url("d é.png");', ['css-url', 'd é.png']],
  ['}'],
  ["é:url(\n'e.png'\n);", ['css-url', 'e.png']],
  ['a{b:image-set("f.png" 1x, url(g.png))}', ['css-image-set', 'f.png'], ['css-url', 'g.png']],
  ['/* url(no.png) " */'],
  ["a{content:'url(no.png)\\'/*'}"],
  ['a{b:"broken\n;c:url(h.png)}', ['css-url', 'h.png']],
  ['a{b:\\url(\\69.png)}', ['css-url', '\\69.png']],
  ['--x:{url(l.png)};', ['css-url', 'l.png']],
  ['a{b:curl(no.png) éurl(no.png)}'],
  ['a{b:url(no no.png)}'],
  ['a{b:url(data:image/png,no.png)}'],
];

const JS_PIECES: readonly Piece[] = [
  ['import"./a.js";', ['js-import', './a.js']],
  ["import{b as é}from'../b.js'\n", ['js-import', '../b.js']],
  ['export*from"./c.js";', ['js-export', './c.js']],
  ['d=import("./d.js").then((x)=>{return x});', ['js-dynamic-import', './d.js']],
  ['if(a)/"import(1)/.test(b);else/[/\']/.exec(c);'],
  ['a=b/c/import("./e.js")/2;', ['js-dynamic-import', './e.js']],
  ['function f(){return/"/}/\'/.test(a);'],
  [`\`import("./no.js")\${import("./g.js")}\${\`}\`}\`;`, ['js-dynamic-import', './g.js']],
  ['a="import(\'./no.js\')\\"";'],
  ['// new URL("./no.js", import.meta.url)\n'],
  ['/* import "./no.js" */'],
  ['new URL("h.js",import.meta.url);', ['js-new-url', 'h.js']],
  ["import.meta.resolve('./i.js');", ['js-import-meta-resolve', './i.js']],
  ['a=import("./"+j);', ['js-dynamic-import', '"./"+j']],
  ["a=import(b?'./m.js':`./n.js`);", ['js-dynamic-import', './m.js'], ['js-dynamic-import', './n.js']],
  ["new self.URL('o.js',import.meta.url);", ['js-new-url', 'o.js']],
  ['export * as \\u{61}\\u0062 from"./p.js";', ['js-export', './p.js']],
  ['URL.parse(\n"q.js",import.meta.url);', ['js-new-url', 'q.js']],
  ['import k from"k";', ['js-import', 'k']],
  ['a="\\u2028é\u00a0";'],
  ['// ü\u2028import"./l.js";', ['js-import', './l.js']],
  ['class A{import(){return this.import("./no.js")}}'],
  ['a={b:1}/2;a=(b)/"/".length;'],
];

const SPACES = ['', '\n', '\r\n', ' ', '/**/', '\t'];
const STARTS = ['', '\ufeff'];

const CSS_SOUP = [
  'url(',
  'src(',
  '"',
  "'",
  '(',
  ')',
  '{',
  '}',
  ';',
  ':',
  '\\',
  '\\2e ',
  '\\66',
  '.',
  'a',
  '/',
  '#',
  '?',
  ' ',
  '\n',
  '@import ',
  'image-set(',
  '/*',
  '*/',
  '\0',
  'é',
  '/*# sourceMappingURL=',
];
const JS_SOUP = [
  'import ',
  'import(',
  'import.meta',
  '.url',
  'export*from',
  'new URL(',
  '"',
  "'",
  '`',
  '$' + '{',
  '}',
  '(',
  ')',
  ',',
  ';',
  '\\',
  '\\x2e',
  './a',
  '.js',
  '/',
  '//',
  '\n',
  '/*',
  '*/',
  '\u2028',
  'é',
  '//# sourceMappingURL=a',
];

describe.each([
  ['style sheets', scanCss, CSS_PIECES],
  ['scripts', scanJavaScript, JS_PIECES],
] as const)('in generated %s', (_what, scan, pieces) => {
  it('finds the references of each piece, whatever is around it', () => {
    for (let seed = 0; seed < 1500; seed++) {
      const random = randomFrom(seed);
      const chosen = sequence(random, pieces, 8);
      const sources = chosen.map(([source]) => source + sequence(random, SPACES, 1));
      const bytes = Buffer.from(sequence(random, STARTS, 1) + sources.join(''));
      expect(foundBy(bytes, scan(bytes)), bytes.toString()).toEqual(chosen.flatMap(([, ...found]) => found));
      expectInvariant(scan, bytes);
    }
  });
});

describe.each([
  ['CSS', scanCss, CSS_SOUP],
  ['JavaScript', scanJavaScript, JS_SOUP],
] as const)('in %s torn to pieces', (_what, scan, pieces) => {
  it('changes names and keeps every other byte', () => {
    for (let seed = 0; seed < 4000; seed++) {
      const random = randomFrom(seed);
      const text = sequence(random, pieces, 1 + Math.floor(random() * 14)).join('');
      expectInvariant(scan, Buffer.from(text));
      expectInvariant(scan, withNoise(random, text));
    }
  });
});

/** In Latin-1, with bytes that are not UTF-8. */
function withNoise(random: () => number, text: string): Buffer {
  const start = random() < 0.5 ? '@charset "latin1";' : '';
  return Buffer.from(`${start}${text}${String.fromCharCode(random() * 256)}`, 'latin1');
}
