import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { scanImportMap } from '../../src/references/json/import-map.js';
import { scanWebManifest } from '../../src/references/json/web-manifest.js';
import { htmlScanner, scanHtml } from '../../src/references/markup/html.js';
import { scanSvg } from '../../src/references/markup/svg.js';
import type { Scanner } from '../../src/references/reference.js';
import { fingerprinted, insertAll } from './fingerprinted.js';
import { expectInvariant } from './found.js';

type Row = readonly [what: string, source: string, result?: string];

/** Runs the rows. A source without a result must stay as it is. */
function rows(scan: Scanner, table: readonly Row[]): void {
  it.each(table.map(([what, source, result = source]) => [what, source, result] as const))('%s', (...row) => {
    const [, source, result] = row;
    expect(fingerprinted(scan, source)).toBe(result);
    expectInvariant(scan, Buffer.from(source));
  });
}

describe('web manifests', () => {
  rows(scanWebManifest, [
    [
      'icons',
      '{"icons":[{"src":"i.png"},{"src":"j.svg"}]}',
      '{"icons":[{"src":"i.f00d.png"},{"src":"j.f00d.svg"}]}',
    ],
    [
      'screenshots, icons of shortcuts',
      '{"screenshots":[{"src":"s.png"}],"shortcuts":[{"url":"/x.html","icons":[{"src":"k.png"}]}]}',
      '{"screenshots":[{"src":"s.f00d.png"}],"shortcuts":[{"url":"/x.html","icons":[{"src":"k.f00d.png"}]}]}',
    ],
    ['pages', '{"start_url":"a.html","scope":"a.b","id":"x.y"}'],
    ['escapes', '{"icons":[{"src":"\\u0069\\/i.png"}]}', '{"icons":[{"src":"\\u0069\\/i.f00d.png"}]}'],
    [
      'other alphabets',
      '{"name":"é","icons":[{"src":"é.png"}]}',
      '{"name":"é","icons":[{"src":"é.f00d.png"}]}',
    ],
    ['a byte order mark', '\ufeff{"icons":[{"src":"i.png"}]}', '\ufeff{"icons":[{"src":"i.f00d.png"}]}'],
    [
      'images at any depth',
      '{"file_handlers":[{"action":"/a.b","icons":[{"src":"i.png"}]}],"tab_strip":{"home_tab":{"icons":[{"src":"j.png"}]}},"user_preferences":{"color_scheme":{"dark":{"icons":[{"src":"k.png"}]}}}}',
      '{"file_handlers":[{"action":"/a.b","icons":[{"src":"i.f00d.png"}]}],"tab_strip":{"home_tab":{"icons":[{"src":"j.f00d.png"}]}},"user_preferences":{"color_scheme":{"dark":{"icons":[{"src":"k.f00d.png"}]}}}}',
    ],
    [
      'images by language',
      '{"icons_localized":{"de":[{"src":"i.png"}]},"shortcuts_localized":{"de":[{"icons":[{"src":"j.png"}]}]}}',
      '{"icons_localized":{"de":[{"src":"i.f00d.png"}]},"shortcuts_localized":{"de":[{"icons":[{"src":"j.f00d.png"}]}]}}',
    ],
    [
      'files of widgets',
      '{"widgets":[{"icons":[{"src":"i.png"}],"screenshots":[{"src":"s.png"}],"data":"d.json","ms_ac_template":"t.json","tag":"a.b"}],"data":"e.json"}',
      '{"widgets":[{"icons":[{"src":"i.f00d.png"}],"screenshots":[{"src":"s.f00d.png"}],"data":"d.f00d.json","ms_ac_template":"t.f00d.json","tag":"a.b"}],"data":"e.json"}',
    ],
    [
      'a service worker, as a link',
      '{"serviceworker":{"src":"sw.js","scope":"a.b"}}',
      '{"serviceworker":{"src":"sw.f00d.js","scope":"a.b"}}',
    ],
    ['other shapes', '{"icons":{"src":"i.png"},"screenshots":"s.png","shortcuts":[1,null,{"icons":1}]}'],
    ['no object', '[{"icons":[{"src":"i.png"}]}]'],
  ]);

  it.each(['{', '{"icons":[{"src":"i.png"}]', '// x\n{}', '', '['.repeat(500_000)])(
    '%.20s is not JSON',
    (text) => {
      expect(scanWebManifest(Buffer.from(text))).toMatchObject({
        references: [],
        warnings: [{ code: 'unparsable', message: 'not rewritten: invalid JSON' }],
      });
    },
  );
});

describe('SVG', () => {
  rows(scanSvg, [
    ['use', '<svg><use href="s.svg#x"/></svg>', '<svg><use href="s.f00d.svg#x"/></svg>'],
    [
      'xlink',
      "<svg><image xlink:href='p.png'></image></svg>",
      "<svg><image xlink:href='p.f00d.png'></image></svg>",
    ],
    [
      'all that load',
      '<feImage href="a.png"/><script href="b.js"/><textPath href="c.svg#d"/><linearGradient href="e.svg#f"/><mpath href="g.svg"/>',
      '<feImage href="a.f00d.png"/><script href="b.f00d.js"/><textPath href="c.f00d.svg#d"/><linearGradient href="e.f00d.svg#f"/><mpath href="g.f00d.svg"/>',
    ],
    ['a prefix', '<svg:use href="s.svg"/>', '<svg:use href="s.f00d.svg"/>'],
    [
      'links',
      '<a href="page.html"><text>href="x.png"</text></a><a xlink:href="b.pdf"/>',
      '<a href="page.f00d.html"><text>href="x.png"</text></a><a xlink:href="b.f00d.pdf"/>',
    ],
    [
      'animated URLs',
      '<image><set attributeName="href" to="a.png"/><animate attributeName="x" from="b.png" to="c.png"/></image>',
      '<image><set attributeName="href" to="a.f00d.png"/><animate attributeName="x" from="b.png" to="c.png"/></image>',
    ],
    ['comments and CDATA', '<!-- <use href="a.svg"/> --><x><![CDATA[<use href="b.svg"/>]]></x>'],
    ['no value', '<use href/><use href=""/>'],
    [
      'presentation attributes',
      '<rect fill="url(p.svg#g)" style="mask: url(&quot;m.svg#x&quot;)" x="url(n.png)"/>',
      '<rect fill="url(p.f00d.svg#g)" style="mask: url(&quot;m.f00d.svg#x&quot;)" x="url(n.png)"/>',
    ],
    [
      'style sheets',
      '<style>a{b:url(c.png)}</style><style><![CDATA[@import "d.css";]]></style>',
      '<style>a{b:url(c.f00d.png)}</style><style><![CDATA[@import "d.f00d.css";]]></style>',
    ],
    [
      'style sheets with character references',
      '<style>a{b:url(&quot;c.png?x&amp;y&quot;) url(&#x4e2d;.png)} c>d{e:url(f&#46;png)}</style>',
      '<style>a{b:url(&quot;c.f00d.png?x&amp;y&quot;) url(&#x4e2d;.f00d.png)} c>d{e:url(f.f00d&#46;png)}</style>',
    ],
    [
      'style sheets with comments and literal sections',
      '<style><!-- a{b:url(no.png)} --><![CDATA[a{b:url("c.png?&quot;")}]]> d{e:url(&quot;f.png&quot;)}</style>',
      '<style><!-- a{b:url(no.png)} --><![CDATA[a{b:url("c.f00d.png?&quot;")}]]> d{e:url(&quot;f.f00d.png&quot;)}</style>',
    ],
    [
      'scripts',
      '<script>import(&quot;./a.js&quot;)</script><script type="module"><![CDATA[if(1<2)import "./b.js"]]></script><script type="text/x">import("./c.js")</script>',
      '<script>import(&quot;./a.f00d.js&quot;)</script><script type="module"><![CDATA[if(1<2)import "./b.f00d.js"]]></script><script type="text/x">import("./c.js")</script>',
    ],
    [
      'elements of HTML',
      '<svg xmlns:h="http://www.w3.org/1999/xhtml"><foreignObject><div xmlns="http://www.w3.org/1999/xhtml"><img src="a.png" srcset="b.png 2x"/><p style="c:url(d.png)"/><a href="e.pdf"/></div><h:video poster="f.png"/><img src="g.png"/></foreignObject></svg>',
      '<svg xmlns:h="http://www.w3.org/1999/xhtml"><foreignObject><div xmlns="http://www.w3.org/1999/xhtml"><img src="a.f00d.png" srcset="b.f00d.png 2x"/><p style="c:url(d.f00d.png)"/><a href="e.f00d.pdf"/></div><h:video poster="f.f00d.png"/><img src="g.png"/></foreignObject></svg>',
    ],
    [
      'xml-stylesheet',
      '<?xml version="1.0"?><?xml-stylesheet type="text/css" href="s.css"?><svg/>',
      '<?xml version="1.0"?><?xml-stylesheet type="text/css" href="s.f00d.css"?><svg/>',
    ],
    ['character references', '<use href="a&amp;b&#46;svg"/>', '<use href="a&amp;b.f00d&#46;svg"/>'],
    ['one without a semicolon', '<use href="a&b.svg"/>', '<use href="a&b.f00d.svg"/>'],
    ['other alphabets', '<text>é</text><use href="é.svg"/>', '<text>é</text><use href="é.f00d.svg"/>'],
    ['a byte order mark', '\ufeff<use href="a.svg"/>', '\ufeff<use href="a.f00d.svg"/>'],
    ['data: URLs', '<image href="data:image/png;base64,AAAA"/>'],
  ]);

  it('skips URLs with entities of a DTD', () => {
    const svg =
      '<!DOCTYPE svg [<!ENTITY dir "img">]><svg><image href="&dir;/a.png"/><rect fill="url(&dir;/b.svg#c)"/>' +
      '<style>a{b:url(&dir;/d.png) url(e.png?&amp;&#38;)}</style></svg>';
    const { references, skipped } = scanSvg(Buffer.from(svg));
    expect([references.map(({ url }) => url), skipped.map(({ reason }) => reason)]).toEqual([
      ['e.png?&&'],
      ['undecodable', 'undecodable', 'undecodable'],
    ]);
  });

  it('says what is meant', () => {
    const { references } = scanSvg(Buffer.from('<use href=" a&#x20;b&amp;c.svg#d "/>'));
    expect(references.map(({ url, kind }) => [kind, url])).toEqual([['svg', 'a b&c.svg#d']]);
  });
});

describe('HTML', () => {
  rows(scanHtml, [
    [
      'what elements load',
      '<img src="a.png"><script src=b.js></script><video poster=c.png src=\'d.mp4\'></video><object data="e.svg"></object><embed src="f.svg"><input type=image src="g.png">',
      '<img src="a.f00d.png"><script src=b.f00d.js></script><video poster=c.f00d.png src=\'d.f00d.mp4\'></video><object data="e.f00d.svg"></object><embed src="f.f00d.svg"><input type=image src="g.f00d.png">',
    ],
    [
      'links by their rel',
      '<link rel="stylesheet" href="a.css"><LINK REL=ICON HREF=b.png><link rel="canonical" href="c.html"><link rel="alternate stylesheet" href="d.css"><link href="e.css">',
      '<link rel="stylesheet" href="a.f00d.css"><LINK REL=ICON HREF=b.f00d.png><link rel="canonical" href="c.f00d.html"><link rel="alternate stylesheet" href="d.f00d.css"><link href="e.f00d.css">',
    ],
    [
      'links',
      '<a href="a.html" ping="x.y">a</a><area href="b.html"><form action="c.html"></form>',
      '<a href="a.f00d.html" ping="x.y">a</a><area href="b.f00d.html"><form action="c.html"></form>',
    ],
    [
      'backgrounds of old pages',
      '<body background="a.png"><table><td background="b.png"></table><p background="c.png">',
      '<body background="a.f00d.png"><table><td background="b.f00d.png"></table><p background="c.png">',
    ],
    [
      'structured data',
      '<script type="application/ld+json">{"@graph":[{"logo":"a.png","name":"b.png"},{"image":["c.png",{"@type":"ImageObject","url":"d.png"}],"url":"e.html"}]}</script>',
      '<script type="application/ld+json">{"@graph":[{"logo":"a.f00d.png","name":"b.png"},{"image":["c.f00d.png",{"@type":"ImageObject","url":"d.f00d.png"}],"url":"e.html"}]}</script>',
    ],
    [
      'srcset',
      '<img srcset="a.png 1x, b.png 2x,c.png"><source srcset=" d.png 100w,\n e.png 200w "><link rel=preload imagesrcset="f.png 1x">',
      '<img srcset="a.f00d.png 1x, b.f00d.png 2x,c.f00d.png"><source srcset=" d.f00d.png 100w,\n e.f00d.png 200w "><link rel=preload imagesrcset="f.f00d.png 1x">',
    ],
    ['data: in srcset', '<img srcset="data:,a 1x, b.png 2x">', '<img srcset="data:,a 1x, b.f00d.png 2x">'],
    [
      'styles',
      '<p style="background:url(&quot;a.png&quot;)"></p><style>@import "b.css"; p{c:url(d.png)}</style>',
      '<p style="background:url(&quot;a.f00d.png&quot;)"></p><style>@import "b.f00d.css"; p{c:url(d.f00d.png)}</style>',
    ],
    [
      'scripts',
      '<script type="module">import "./a.js"; import "lit"</script><script>import("./b.js"); const x = "<img src=c.png>"</script><script type="text/template"><img src="d.png"></script>',
      '<script type="module">import "./a.f00d.js"; import "lit"</script><script>import("./b.f00d.js"); const x = "<img src=c.png>"</script><script type="text/template"><img src="d.png"></script>',
    ],
    [
      'import maps',
      '<script type="importmap">{"imports":{"a":"./a.js","b/":"./b/"},"scopes":{"./x/":{"c":"./c.js"}}}</script>',
      '<script type="importmap">{"imports":{"a":"./a.f00d.js","b/":"./b/"},"scopes":{"./x/":{"c":"./c.f00d.js"}}}</script>',
    ],
    [
      'images for others',
      '<meta property="og:image" content="/s/a.png"><meta name="twitter:image" content="/s/b.png"><meta name="description" content="c.png">',
      '<meta property="og:image" content="/s/a.f00d.png"><meta name="twitter:image" content="/s/b.f00d.png"><meta name="description" content="c.png">',
    ],
    [
      'SVG inside',
      '<svg><use href="s.svg#x"/><linearGradient xlink:href="t.svg#y"/><rect fill="url(u.svg#z)"/><a href="v.html"/></svg>',
      '<svg><use href="s.f00d.svg#x"/><linearGradient xlink:href="t.f00d.svg#y"/><rect fill="url(u.f00d.svg#z)"/><a href="v.f00d.html"/></svg>',
    ],
    ['templates', '<template><img src="a.png"></template>', '<template><img src="a.f00d.png"></template>'],
    ['comments', '<!-- <img src="a.png"> --><!--[if IE]><script src="b.js"></script><![endif]-->'],
    ['noscript', '<noscript><img src="a.png"></noscript>', '<noscript><img src="a.f00d.png"></noscript>'],
    [
      'an attribute twice: the first counts',
      '<img src="a.png" src="b.png">',
      '<img src="a.f00d.png" src="b.png">',
    ],
    [
      'wrong nesting',
      '<b><p></b><img src="a.png"></p><b><i></b><img src="b.png"></i>',
      '<b><p></b><img src="a.f00d.png"></p><b><i></b><img src="b.f00d.png"></i>',
    ],
    [
      'template languages',
      '<img src="{{ logo }}.png"><img src="<%= x %>.png"><img src="{% static "a.png" %}">' +
        `<p style="b:url('{{ x }}.png')"><style>a{b:url("{{ y }}.png")}</style>`,
    ],
    ['character references', '<img src="a&amp;b.png?x&y">', '<img src="a&amp;b.f00d.png?x&y">'],
    ['no value', '<img src><img src=""><link rel=icon href>'],
    [
      'CRLF and other alphabets',
      '<p>é\r\n</p>\r\n<img\r\n src = "é.png" >',
      '<p>é\r\n</p>\r\n<img\r\n src = "é.f00d.png" >',
    ],
    [
      'a byte order mark',
      '\ufeff<!doctype html><img src="a.png">',
      '\ufeff<!doctype html><img src="a.f00d.png">',
    ],
    ['unfinished', '<style>a{b:url(c.png)', '<style>a{b:url(c.f00d.png)'],
  ]);

  it('gives links and structured data kinds of their own', () => {
    const page =
      '<a href="a"><area href="b"><link rel=alternate href="c"><svg><a href="d"/></svg><img src="e">' +
      '<script type="application/ld+json">{"image":"f"}</script>';
    expect(scanHtml(Buffer.from(page)).references.map(({ kind, url }) => `${kind} ${url}`)).toEqual([
      ...['html-link a', 'html-link b', 'html-link c', 'html-link d', 'html e', 'html-json-ld f'],
    ]);
  });

  it('finds URLs in further attributes', () => {
    const scan = htmlScanner({ img: ['data-src', 'data-srcset'], 'my-icon': ['path'], '*': ['data-bg'] });
    const page =
      '<IMG DATA-SRC="a.png" data-srcset="b.png 1x, c.png 2x"><my-icon path=d.svg data-bg="e.png"></my-icon>' +
      '<p data-src="f.png" path="g.png"><img data-src="{{ h }}.png">';
    expect(fingerprinted(scan, page)).toBe(page.replace(/([abcde])\.(png|svg)/g, '$1.f00d.$2'));
  });

  it('takes a link for a URL that is loaded if its attribute is named', () => {
    const { references } = htmlScanner({ a: ['href'] })(Buffer.from('<a href="a.png">'));
    expect(references.map(({ kind }) => kind)).toEqual(['html']);
  });

  it.each([
    ['<meta charset="windows-1251">', 'windows-1251', 'й.png'],
    ['<meta http-equiv="Content-Type" content="text/html; charset=ISO-8859-1">', 'windows-1252', 'é.png'],
    ['', undefined, undefined],
  ])('is decoded by its encoding: %s', (meta, encoding, url) => {
    const scan = scanHtml(Buffer.from(`${meta}<img src="\xe9.png">`, 'latin1'));
    expect([scan.encoding, scan.references[0]?.url]).toEqual([encoding, url]);
  });

  it('leaves a page with <base href> alone, with a warning', () => {
    const scan = scanHtml(Buffer.from('<base href="/x/"><img src="a.png">'));
    expect(scan).toMatchObject({ references: [], warnings: [{ code: 'base-href' }] });
  });

  it('finds integrity values and the references that they belong to', () => {
    const page =
      '<link rel=stylesheet integrity="sha384-a" href="a.css"><script src=b.js integrity=sha256-b></script>' +
      '<script type=importmap>{"integrity":{"./c.js":"sha384-c"}}</script><img integrity="sha384-d">';
    const { references, integrities } = scanHtml(Buffer.from(page));
    const told = integrities!.map(({ start, end, of }) => [
      page.slice(start, end),
      references.find((each) => each.start === of)?.url,
    ]);
    expect(told).toEqual([
      ['sha384-a', 'a.css'],
      ['sha256-b', 'b.js'],
      ['sha384-c', './c.js'],
    ]);
  });
});

it('an import map with invalid JSON has no references', () => {
  expect(scanImportMap(Buffer.from('{{ importmap }}')).references).toEqual([]);
});

describe('hostile input', () => {
  const hostile = [
    '<',
    '<a href="',
    '<svg><use href="',
    '&',
    '&#',
    '<!--',
    '<p style="',
    '<b><p>',
    '{"icons":[',
    '<script>',
    '<style>@',
    '<template>',
  ];
  it.each(hostile)('a great many %s', (part) => {
    const bytes = Buffer.from(part.repeat(200_000 / part.length));
    for (const scan of [scanHtml, scanSvg, scanWebManifest]) expectInvariant(scan, bytes);
  });

  it.each<[string, Scanner, string]>([
    ['siblings in HTML', scanHtml, `${'<br>'.repeat(130_000)}<img src=a.png>`],
    ['URLs in SVG', scanSvg, `<svg><style>${'a{src:url(a.png)}'.repeat(130_000)}</style></svg>`],
  ])('holds for more %s than a call takes arguments', (_, scan, text) => {
    const { references } = scan(Buffer.from(text));
    expect(references.at(-1)).toMatchObject({ url: 'a.png' });
  });

  it('JSON that is nested deeper than the stack is read', () => {
    const text = `{"x":${'['.repeat(200_000)}${']'.repeat(200_000)},"icons":[{"src":"a.png"}]}`;
    expect(scanWebManifest(Buffer.from(text))).toMatchObject({
      references: [{ url: 'a.png' }],
      warnings: [],
    });
  });

  it('holds for any text', () => {
    const piece = fc.constantFrom(
      '<',
      '>',
      '"',
      "'",
      '=',
      'img',
      ' src',
      'a.png',
      'svg',
      'use href',
      '&amp;',
      '&',
      'url(',
      ')',
      'style',
      '/',
      '{"icons":[{"src":"',
      '"}]}',
      'é',
      '\r\n',
      '\0',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        const bytes = Buffer.from(pieces.join(''));
        for (const scan of [scanHtml, scanSvg, scanWebManifest]) {
          const output = insertAll(bytes, scan(bytes));
          expect(output.length).toBeGreaterThanOrEqual(bytes.length);
        }
      }),
      { numRuns: 2000 },
    );
  });
});

describe('real files', () => {
  const folderOf = (name: string) =>
    path.dirname(createRequire(import.meta.url).resolve(`${name}/package.json`));
  const files = ['swagger-ui-dist', 'tinymce', '@fortawesome/fontawesome-free', '@tabler/core'].flatMap(
    (name) =>
      fs
        .readdirSync(folderOf(name), { recursive: true, encoding: 'utf8' })
        .filter((file) => /\.(html|svg|webmanifest)$/.test(file))
        .map((file) => path.join(folderOf(name), file)),
  );

  it('keep every byte', () => {
    expect(files.length).toBeGreaterThan(1000);
    let references = 0;
    for (const file of files) {
      const scan = file.endsWith('.svg') ? scanSvg : file.endsWith('.html') ? scanHtml : scanWebManifest;
      const bytes = fs.readFileSync(file);
      expectInvariant(scan, bytes);
      references += scan(bytes).references.length;
    }
    expect(references).toBeGreaterThan(0);
  });
});
