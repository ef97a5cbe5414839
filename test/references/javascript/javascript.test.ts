// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the strings are scripts
import { describe, expect, it } from 'vitest';
import { scanJavaScript } from '../../../src/references/javascript/javascript.js';
import { fingerprinted } from '../fingerprinted.js';

const REWRITTEN: readonly (readonly [what: string, source: string, result: string])[] = [
  ['a default import', 'import m from "./m.js";', 'import m from "./m.f00d.js";'],
  ['no space', "import{m as b}from'./m.js'", "import{m as b}from'./m.f00d.js'"],
  ['a namespace', 'import*as all from"./m.js"', 'import*as all from"./m.f00d.js"'],
  ['no semicolon', "import './m.js'\nimport '../n.js'\n", "import './m.f00d.js'\nimport '../n.f00d.js'\n"],
  [
    'several lines and comments',
    "import {\n m as f,\n // './x.js'\n} from /* y */ './m.js';",
    "import {\n m as f,\n // './x.js'\n} from /* y */ './m.f00d.js';",
  ],
  [
    'attributes',
    "import d from './d.json' with {type:'json'};",
    "import d from './d.f00d.json' with {type:'json'};",
  ],
  [
    'a style sheet',
    "import s from './s.css' with {type:'css'}",
    "import s from './s.f00d.css' with {type:'css'}",
  ],
  ['export from', "export { m } from './m.js';", "export { m } from './m.f00d.js';"],
  [
    'export * from',
    "export*from'./m.js';export * as ns from './n.js'",
    "export*from'./m.f00d.js';export * as ns from './n.f00d.js'",
  ],
  [
    'phases',
    "import defer * as d from './d.js';import source s from './s.wasm'",
    "import defer * as d from './d.f00d.js';import source s from './s.f00d.wasm'",
  ],
  ['an absolute path', "import '/static/m.js'", "import '/static/m.f00d.js'"],
  ['a full URL', "import 'https://cdn.test/m.js'", "import 'https://cdn.test/m.f00d.js'"],
  ['query and fragment', "import './m.js?a.b#c.d'", "import './m.f00d.js?a.b#c.d'"],
  ['no extension', "import './m'", "import './m.f00d'"],
  [
    'escapes',
    "import './\\x6d\\u002ejs';import './\\u{6e}.js'",
    "import './\\x6d.f00d\\u002ejs';import './\\u{6e}.f00d.js'",
  ],
  ['a continued line', "import './m\\\n.js'", "import './m\\\n.f00d.js'"],
  ['percent-escapes', "import './m%2Ejs'", "import './m.f00d%2Ejs'"],
  [
    'import()',
    'a=import("./m.js");b=import( /* x */ \'./n.js\' )',
    'a=import("./m.f00d.js");b=import( /* x */ \'./n.f00d.js\' )',
  ],
  [
    'import() with options',
    "import('./d.json',{with:{type:'json'}})",
    "import('./d.f00d.json',{with:{type:'json'}})",
  ],
  ['import() with a last comma', 'import("./m.js" , )', 'import("./m.f00d.js" , )'],
  ['import() of a template without substitutions', 'import(`./m.js`)', 'import(`./m.f00d.js`)'],
  [
    'import() in a classic script',
    'with(a){}var b=function(){return import("./m.js")}',
    'with(a){}var b=function(){return import("./m.f00d.js")}',
  ],
  ['import() in a template', `\`\${import("./m.js")}\``, `\`\${import("./m.f00d.js")}\``],
  ['new URL()', 'new URL("./m.js", import.meta.url)', 'new URL("./m.f00d.js", import.meta.url)'],
  [
    'new URL() of a name',
    "new Worker(new URL('m.js',import.meta.url,),{})",
    "new Worker(new URL('m.f00d.js',import.meta.url,),{})",
  ],
  [
    'new URL() with comments',
    'new /*a*/ URL /*b*/ ( //c\n "m.js" /*d*/ , /*e*/ import /*f*/ . meta . url /*g*/ )',
    'new /*a*/ URL /*b*/ ( //c\n "m.f00d.js" /*d*/ , /*e*/ import /*f*/ . meta . url /*g*/ )',
  ],
  [
    'new URL() of the global object',
    'new window.URL("m.js",import.meta.url);new globalThis . URL("n.js",import.meta.url);new self.URL("o.js",import.meta.url)',
    'new window.URL("m.f00d.js",import.meta.url);new globalThis . URL("n.f00d.js",import.meta.url);new self.URL("o.f00d.js",import.meta.url)',
  ],
  [
    'URL.parse()',
    'URL.parse("./m.js", import.meta.url);window.URL . parse("./n.js",import.meta.url,)',
    'URL.parse("./m.f00d.js", import.meta.url);window.URL . parse("./n.f00d.js",import.meta.url,)',
  ],
  [
    'both branches of a condition',
    'import(a ? "./m.js" : b ? (c, `./n.js`) : \'./o.js\');new URL(a?"m.png":"n.png",import.meta.url)',
    'import(a ? "./m.f00d.js" : b ? (c, `./n.f00d.js`) : \'./o.f00d.js\');new URL(a?"m.f00d.png":"n.f00d.png",import.meta.url)',
  ],
  ['a default', 'import(a?.b ?? "./m.js")', 'import(a?.b ?? "./m.f00d.js")'],
  [
    'a name before a computed query or fragment',
    "import(`./m.js?v=${v}`);import('./n.js#' + v);import('./o.js' + '?v=' + v);new URL(`p.png?${v}`, import.meta.url)",
    "import(`./m.f00d.js?v=${v}`);import('./n.f00d.js#' + v);import('./o.f00d.js' + '?v=' + v);new URL(`p.f00d.png?${v}`, import.meta.url)",
  ],
  [
    'names with escapes',
    'export * as \\u{61} from "./m.js";import { \\u{62} as \\u0063 } from "./n.js";import * as d\\u{65} from "./o.js"',
    'export * as \\u{61} from "./m.f00d.js";import { \\u{62} as \\u0063 } from "./n.f00d.js";import * as d\\u{65} from "./o.f00d.js"',
  ],
  [
    'what follows a string with an escaped backslash',
    'a="\\\\u0041";b=`\\\\u{61}${1}`;import "./m.js"',
    'a="\\\\u0041";b=`\\\\u{61}${1}`;import "./m.f00d.js"',
  ],
  ['import.meta.resolve()', 'import.meta.resolve("./m.js")', 'import.meta.resolve("./m.f00d.js")'],
  [
    'import.meta.resolve() with spaces',
    "import . meta\n.resolve ( './m.js' , )",
    "import . meta\n.resolve ( './m.f00d.js' , )",
  ],
  [
    'both in one another',
    'import(new URL("./m.js", import.meta.url))',
    'import(new URL("./m.f00d.js", import.meta.url))',
  ],
  ['a byte order mark', '\ufeffimport "./m.js"', '\ufeffimport "./m.f00d.js"'],
  [
    'a byte order mark between joined files',
    'a()\n\ufeffimport("./m.js")',
    'a()\n\ufeffimport("./m.f00d.js")',
  ],
  [
    'a line for the shell',
    '#!/usr/bin/env "import\nimport "./m.js"',
    '#!/usr/bin/env "import\nimport "./m.f00d.js"',
  ],
  [
    'a byte order mark and a line for the shell',
    '\ufeff#!import("./x.js")\nimport "./m.js"',
    '\ufeff#!import("./x.js")\nimport "./m.f00d.js"',
  ],
  ['other alphabets', 'const é="à";import "./ü.js";voilà()', 'const é="à";import "./ü.f00d.js";voilà()'],
  [
    'wide spaces',
    'import\u00a0"./m.js";\u3000import\u2003("./n.js")',
    'import\u00a0"./m.f00d.js";\u3000import\u2003("./n.f00d.js")',
  ],
  ['what follows a comment ended by U+2028', '// a\u2028import "./m.js"', '// a\u2028import "./m.f00d.js"'],
  ['what follows a string with U+2028', 'a="\u2028";import("./m.js")', 'a="\u2028";import("./m.f00d.js")'],
  ['both', 'a="\u2029";// b\u2028import("./m.js")', 'a="\u2029";// b\u2028import("./m.f00d.js")'],
  ['a source map', 'a();\n//# sourceMappingURL=a.js.map\n', 'a();\n//# sourceMappingURL=a.js.f00d.map\n'],
  [
    'a source map with spaces after it',
    'a();\r\n//# sourceMappingURL=a.js.map  \r\n',
    'a();\r\n//# sourceMappingURL=a.js.f00d.map  \r\n',
  ],
  [
    'a source map in a minified line',
    'a("http://b");//# sourceMappingURL=a.js.map',
    'a("http://b");//# sourceMappingURL=a.js.f00d.map',
  ],
  ['a source map after a name', 'a//# sourceMappingURL=a.js.map', 'a//# sourceMappingURL=a.js.f00d.map'],
  [
    'a source map in the old form',
    'a();\n//@ sourceMappingURL=a.js.map',
    'a();\n//@ sourceMappingURL=a.js.f00d.map',
  ],
  [
    'a source map in a block comment',
    'a()/*# sourceMappingURL=a.js.map */\n',
    'a()/*# sourceMappingURL=a.js.f00d.map */\n',
  ],
  [
    'only the last source map',
    '//# sourceMappingURL=a.map\nb()\n//# sourceMappingURL=c.map\nd()',
    '//# sourceMappingURL=a.map\nb()\n//# sourceMappingURL=c.f00d.map\nd()',
  ],
  [
    'imports beside a source map',
    'import "./m.js"\n//# sourceMappingURL=a.map',
    'import "./m.f00d.js"\n//# sourceMappingURL=a.f00d.map',
  ],
];

const UNTOUCHED: readonly (readonly [what: string, source: string])[] = [
  ['comments', '// import "./a.js"\n/* import("./b.js") */export{};import.meta'],
  ['strings', 'a="import(\'./a.js\')";b=\'new URL("./c.js",import.meta.url)\''],
  ['templates', '`import("./a.js") export * from "./b.js"`;import.meta'],
  ['regular expressions', 'a=/import("\\.\\/a.js")/;if(b)/import("x")/.test(c)'],
  ['properties', 'a.import("./b.js");c={import(d){return "e"}}'],
  ['names that end so', 'voilàimport("./a.js");$import("./b.js");reimport("./c.js")'],
  ['exports of their own', 'export const from="./a.js";export default "./b.js"'],
  ['new URL() in a comment before import.meta', 'a( // new URL("x.js",\n import.meta.url)'],
  ['new URL() in a template beside import.meta', '`new URL("x.js", import.meta.url)`+import.meta.url'],
  ['new URL() on another base', 'new URL("x.js", location.href);import.meta.url'],
  [
    'new URL() on a part of the base',
    'new URL("x.js", import.meta.url + a);new URL("y.js", import.meta.urls)',
  ],
  ['new URL() with more arguments', 'new URL("x.js", import.meta.url, 1)'],
  ['another URL class', 'new a.URL("x.js", import.meta.url);new URLs("x.js", import.meta.url);renew URL'],
  [
    'a property of another URL class',
    'a.URL.parse("x.js",import.meta.url);a . URL.parse("x.js",import.meta.url);new a.window.URL("x.js",import.meta.url);$URL.parse("x.js",import.meta.url);URL.canParse("x.js",import.meta.url)',
  ],
  ['another function of import.meta', 'import.meta.resolved("./x.js");import.meta.resolve("./x.js", b)'],
  ['classic loaders', 'new Worker("./m.js");importScripts("./m.js");a.register("./m.js")'],
  ['data: modules', 'import "data:text/javascript,a.b"'],
  ['a source map in a template', 'const t = `\n//# sourceMappingURL=a.js.map\n`;'],
  ['a source map in a string', 'const t = "\\n//# sourceMappingURL=a.js.map";'],
  ['a source map in a comment', '/*\n//# sourceMappingURL=a.js.map\n*/'],
  ['a source map in a line comment', '// //# sourceMappingURL=a.js.map'],
  ['a source map in a comment that begins before', '///# sourceMappingURL=a.js.map'],
  ['a source map with words after it', 'a()//# sourceMappingURL=a.js.map b'],
  [
    'the source map in the file itself',
    '//# sourceMappingURL=a.map\n//# sourceMappingURL=data:application/json,{}',
  ],
];

describe('scanJavaScript', () => {
  it.each(REWRITTEN)('finds %s', (_what, source, result) => {
    expect(fingerprinted(scanJavaScript, source)).toBe(result);
  });

  it.each(UNTOUCHED)('passes over %s', (_what, source) => {
    expect(scanJavaScript(Buffer.from(source)).warnings).toEqual([]);
    expect(fingerprinted(scanJavaScript, source)).toBe(source);
  });

  it('returns the position, kind and URL of a reference', () => {
    const source = Buffer.from('/*é*/import "./\\u{fc}\\x2ejs?ü"');
    expect(scanJavaScript(source).references).toEqual([
      { kind: 'js-import', start: 14, end: 31, url: './ü.js?ü', insertionOffset: 22 },
    ]);
  });

  it('returns the kinds, in the order of positions', () => {
    const source = `import "./a";export * from "./b";import("./c");new URL("d",import.meta.url);
      import.meta.resolve("./e")\n//# sourceMappingURL=f`;
    const kinds = scanJavaScript(Buffer.from(source)).references.map(({ kind, url }) => [kind, url]);
    expect(kinds).toEqual([
      ['js-import', './a'],
      ['js-export', './b'],
      ['js-dynamic-import', './c'],
      ['js-new-url', 'd'],
      ['js-import-meta-resolve', './e'],
      ['js-source-map', 'f'],
    ]);
  });

  it('returns bare and computed specifiers, with their positions', () => {
    const source = `import "lodash";import("./"+n);import(\`./\${n}.js\`);import.meta.resolve("lit");new URL(n,import.meta.url)`;
    const { references, skipped } = scanJavaScript(Buffer.from(source));
    expect(references).toEqual([]);
    expect(skipped.map(({ kind, start, end, reason }) => [kind, source.slice(start, end), reason])).toEqual([
      ['js-import', 'lodash', 'bare'],
      ['js-dynamic-import', '"./"+n', 'computed'],
      ['js-dynamic-import', `\`./\${n}.js\``, 'computed'],
      ['js-import-meta-resolve', 'lit', 'bare'],
      ['js-new-url', 'n', 'computed'],
    ]);
  });

  it.each<
    [source: string, ...skipped: [text: string, reason: string, parts?: string[], extensions?: string[]][]]
  >([
    ['import("./"+n+".js")', ['"./"+n+".js"', 'computed', ['./', '.js']]],
    ['import(`./a/${b}${c}/${d}.js`)', ['`./a/${b}${c}/${d}.js`', 'computed', ['./a/', '', '/', '.js']]],
    ['import(`./${"a"}${b}.js`)', ['`./${"a"}${b}.js`', 'computed', ['./a', '.js']]],
    ['import("./a/".concat(b,".js"))', ['"./a/".concat(b,".js")', 'computed', ['./a/', '.js']]],
    [
      'import("./"+a.replace(/[)"]/g, ",")+".js")',
      ['"./"+a.replace(/[)"]/g, ",")+".js"', 'computed', ['./', '.js']],
    ],
    ['import("\\u002e/\\u{e9}"+a+".js")', ['"\\u002e/\\u{e9}"+a+".js"', 'computed', ['./é', '.js']]],
    ['import(/* a */ `./${b}` /* c */, )', ['`./${b}`', 'computed', ['./', '']]],
    ['import(`./${a}`)', ['`./${a}`', 'computed', ['./', ''], ['.js', '.mjs']]],
    ['import(`./${a}?b.c`)', ['`./${a}?b.c`', 'computed', ['./', '?b.c'], ['.js', '.mjs']]],
    ['import("./"+"a.js")', ['"./"+"a.js"', 'computed', ['./a.js']]],
    ['import(a?"./b"+c+".js":d)', ['"./b"+c+".js"', 'computed', ['./b', '.js']], ['d', 'computed']],
    ['import(a+"/b.js")', ['a+"/b.js"', 'computed']],
    ['import("."+a)', ['"."+a', 'computed']],
    ['import("a/"+b)', ['"a/"+b', 'bare']],
    ['import(`a?b=${c}`)', ['a?b=', 'bare']],
    ['new URL("a/"+b,import.meta.url)', ['"a/"+b', 'computed', ['a/', '']]],
    ['new URL(a,import.meta.url)', ['a', 'computed']],
    ['import.meta.resolve("./"+a)', ['"./"+a', 'computed', ['./', '']]],
    ['import(new URL(`./a.js`,import.meta.url))'],
    ['import(`${new URL("./a.js",import.meta.url).href}?b`)'],
    ['async()=>import(await a())', ['await a()', 'computed']],
    [
      `import("./"+(${'('.repeat(500)}a${')'.repeat(500)})+".js")`,
      [`"./"+(${'('.repeat(500)}a${')'.repeat(500)})+".js"`, 'computed', ['./', '.js']],
    ],
  ])('returns the literal parts of %s', (source, ...expected) => {
    const bytes = Buffer.from(source);
    const found = scanJavaScript(bytes).skipped.map(({ start, end, reason, parts, extensions }) => [
      ...[bytes.toString('utf8', start, end), reason],
      ...(parts ? [parts] : []),
      ...(extensions ? [extensions] : []),
    ]);
    expect(found).toEqual(expected);
  });

  it('skips only the reference with invalid bytes', () => {
    const { references, skipped } = scanJavaScript(
      Buffer.from('import "./\xfc.js";import "./m.js"//\xff', 'latin1'),
    );
    expect(references.map(({ url }) => url)).toEqual(['./m.js']);
    expect(skipped).toEqual([{ kind: 'js-import', start: 8, end: 14, reason: 'undecodable' }]);
  });

  it('returns a warning with the offset for an invalid script', () => {
    const scan = scanJavaScript(Buffer.from('import "./a.js";\n  )'));
    expect(scan.references).toEqual([]);
    expect(scan.warnings).toEqual([
      { code: 'unparsable', message: 'not rewritten: invalid JavaScript', offset: 19 },
    ]);
  });

  it('returns a warning for UTF-16', () => {
    const scan = scanJavaScript(Buffer.from('\ufeffimport "./a.js"', 'utf16le'));
    expect(scan.references).toEqual([]);
    expect(scan.warnings.map(({ code }) => code)).toEqual(['utf-16']);
  });

  it('finds references in 1,000 nested parentheses and templates', () => {
    const nested = (open: string, close: string, depth: number) =>
      `${open.repeat(depth)}import("./m.js")${close.repeat(depth)}`;
    expect(scanJavaScript(Buffer.from(nested('(', ')', 1000))).references).toHaveLength(1);
    expect(scanJavaScript(Buffer.from(nested('`${', '}`', 500))).references).toHaveLength(1);
  });

  it('returns a warning for nesting that is too deep for the lexer', () => {
    const deep = `${'('.repeat(5000)}import("./m.js")${')'.repeat(5000)}`;
    expect(scanJavaScript(Buffer.from(deep)).warnings.map(({ code }) => code)).toEqual(['unparsable']);
  });
});
