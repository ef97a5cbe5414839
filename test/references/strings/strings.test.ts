import { describe, expect, it } from 'vitest';
import { stringScannerFor } from '../../../src/references/strings/string-scanners.js';

/** Returns the values of the strings found, and checks that they are at their places, between quotes or delimiters. */
async function stringsIn(file: string, text: string): Promise<string[]> {
  const bytes = Buffer.from(text);
  const scan = await stringScannerFor(file);
  return scan!(bytes).map(({ start, end, value }) => {
    const extension = value.slice(value.lastIndexOf('.'));
    expect(bytes.toString('utf8', start, end)).toContain(extension);
    expect(bytes.toString('utf8', start - 1, start)).toMatch(/^["'`=\n]$/);
    expect(bytes.toString('utf8', end, end + 1)).toMatch(/^["'`\s]?$/);
    return value;
  });
}

describe('strings in scripts that look like names of files', () => {
  it.each<readonly [what: string, script: string, found: readonly string[]]>([
    ['both quotes and templates', `f('a.js', "b.wasm", \`c.png\`)`, ['a.js', 'b.wasm', 'c.png']],
    [
      'paths and queries',
      `f("../x/a.js?v=1", '/static/b.js#c', "./c.min.js")`,
      ['../x/a.js?v=1', '/static/b.js#c', './c.min.js'],
    ],
    ['escapes', String.raw`f("img\/a.png", "\x61.js")`, ['img/a.png', 'a.js']],
    ['other alphabets', 'f("bilder/größe.png")', ['bilder/größe.png']],
    ['what follows a keyword', 'switch(x){case"a.js":return"b.js"}', ['a.js', 'b.js']],
    ['a ternary', 'x ? "a.js" : "b.js"', ['a.js', 'b.js']],
    ['code in a template', `\`\${f("a.js")}\``, ['a.js']],
    ['quotes without a pair before them', `/['"]/.test(x); f("a.js")`, ['a.js']],
    ['concatenated literals', `"a.js"+b+"c.js"`, ['a.js', 'c.js']],
    ['comments', '// "a.js"\n/* "b.js" */ f("c.js")', ['c.js']],
    ['regular expressions, templates and longer strings', `/"a.js"/; \`"b.js"\`; '<img src="c.png">'`, []],
    ['specifiers', `import "./a.js"; import x from './b.js'; export * from "./c.js"; import("./d.js")`, []],
    ['names of members', `({ "a.js": 1, /* b */ 'b.js': function () {} })`, []],
    [
      'what Node reads',
      `require("./a.js"); require(/* lazy */ "./b.js"); path.join(__dirname, "..", "c.js")`,
      [],
    ],
    ['what a compiler reads', 'class A { static get styleUrls() { return { "ios": ["a.css"] }; } }', []],
    ['texts', `f("see a.js", "a", "v1.2 of x", ".js?")`, []],
    ['invalid syntax', 'f("a.js"; {', []],
  ])('%s', async (_, script, found) => {
    expect(await stringsIn('app.js', script)).toEqual(found);
  });

  it('take linear time', async () => {
    const text = `f("${'a.'.repeat(500_000)}${'/x'.repeat(500_000)}")`;
    expect(await stringsIn('app.js', text)).toEqual([]);
  });
});

it.each<readonly [file: string, text: string, found: readonly string[]]>([
  ['a.json', '{"uri":"mesh.bin","b.js":["img\\/c d.png",1,"e"]}', ['mesh.bin', 'img/c d.png']],
  ['a.gltf', '\ufeff{"buffers":[{"uri":"mesh.bin"}]}', ['mesh.bin']],
  ['a.html', '<a href=b.html data-src="c&amp;d.png" alt="x">"e.js"</a>', ['b.html', 'c&d.png']],
  [
    'a.html',
    '<script>load("a.js")</script><script type="application/json">{"x":"b.png"}</script>',
    ['a.js', 'b.png'],
  ],
  ['a.html', '<script type="importmap">{"imports":{"a":"./a.js"}}</script>', []],
  ['a.mpd', '<MPD><SegmentTemplate initialization="init.mp4"/></MPD>', ['init.mp4']],
  ['a.m3u8', '#EXTM3U\n#EXT-X-MAP:URI="init.mp4"\nseg-1.ts\r\n# no.ts\n', ['init.mp4', 'seg-1.ts']],
])('in %s: %s', async (file, text, found) => {
  expect(await stringsIn(file, text)).toEqual(found);
});

it.each(['package.json', 'x/tsconfig.build.json', 'karma.conf.js', 'a.css', 'a.js.map', 'README'])(
  'strings in %s are for tools, or not looked for',
  async (file) => {
    expect(await stringScannerFor(file)).toBeUndefined();
  },
);
