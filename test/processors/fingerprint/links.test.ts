import { describe, expect, it } from 'vitest';
import { fingerprintTree, treeOf } from '../in-memory.js';

type Texts = Readonly<Record<string, string>>;

const HTML = { references: { html: true } };

async function publish(texts: Texts, file: string, options: object = HTML, changes: object = {}) {
  const { references, names, published, warnings } = await fingerprintTree(treeOf(texts), options, changes);
  return {
    references: references.filter((each) => each.file === file),
    text: published.get(names.get(file)!)!.toString(),
    name: (path: string) => names.get(path)!,
    warnings,
  };
}

describe('links to files', () => {
  const page =
    '<a href="big.png"></a><area href="doc.pdf#p2"><link rel="alternate" href="feed.xml"><a href="other.html">' +
    '<a href="about">a</a><a href="https://x.test/">b</a><a href="#c">c</a><svg><a xlink:href="big.png"/></svg>';
  const files = { 'index.html': page, 'other.html': '', 'big.png': 'b', 'doc.pdf': 'd', 'feed.xml': 'f' };

  it('are rewritten if the plain names are not published', async () => {
    const { text, name, references, warnings } = await publish(files, 'index.html', {
      ...HTML,
      originals: false,
    });
    expect(text).toBe(
      page
        .replaceAll('big.png', name('big.png'))
        .replace('doc.pdf', name('doc.pdf'))
        .replace('feed.xml', name('feed.xml')),
    );
    expect(references.map(({ text, status }) => `${text} ${status}`)).toEqual([
      ...['big.png rewritten', 'doc.pdf#p2 rewritten', 'feed.xml rewritten', 'other.html keeps-name'],
      'big.png rewritten',
    ]);
    expect(warnings).toEqual([]);
  });

  it('stay as they are if the plain names are published', async () => {
    const { text, references } = await publish(files, 'index.html');
    expect(text).toBe(page);
    expect(references.map(({ status }) => status)).toEqual(['link', 'link', 'link', 'keeps-name', 'link']);
  });

  it('in an SVG are rewritten too', async () => {
    const svg = '<svg><a href="a.pdf"/><a xlink:href="gone.html"/></svg>';
    const { text, name } = await publish({ 'x.svg': svg, 'a.pdf': '' }, 'x.svg', { originals: false });
    expect(text).toBe(svg.replace('a.pdf', name('a.pdf')));
  });
});

describe('a page without references.html', () => {
  const files = { 'index.html': '', 'css/a.css': '' };

  it.each([
    [{ originals: false }, ['renamed-page']],
    [{ originals: true }, []],
    [{ originals: false, references: { html: true } }, []],
    [{ originals: false, exclude: ['*.html'] }, []],
  ])('whose plain name is not published has a warning: %j', async (options, codes) => {
    const { warnings } = await fingerprintTree(treeOf(files), options);
    expect(warnings.map(({ code }) => code)).toEqual(codes);
  });

  it('is named in the warning, with what to do', async () => {
    const { warnings } = await fingerprintTree(treeOf(files), { originals: false });
    expect(warnings[0]!.message).toContain("not rewritten: 'index.html'. Set the option 'references'");
  });
});

describe('<link rel=manifest>', () => {
  const files = {
    'index.html': '<link rel="manifest" href="app/manifest.json">',
    'app/manifest.json': '{"icons":[{"src":"i.png"}],"data":"i.png"}',
    'app/i.png': 'i',
    'other.json': '{"icons":[{"src":"i.png"}]}',
  };

  it('makes its file a web manifest', async () => {
    const { text, name } = await publish(files, 'app/manifest.json');
    expect(text).toBe(files['app/manifest.json'].replace('i.png', name('app/i.png').slice('app/'.length)));
    expect((await publish(files, 'other.json')).text).toBe(files['other.json']);
  });

  it('in a session, makes one of a file only while a page has it', async () => {
    const session = {};
    const statuses = async (html: string) =>
      (
        await publish({ ...files, 'index.html': html }, 'app/manifest.json', HTML, { session })
      ).references.map(({ status }) => status);
    expect(await statuses('')).toEqual([]);
    expect(await statuses(files['index.html'])).toEqual(['rewritten']);
    expect(await statuses('')).toEqual([]);
  });

  it('of a file that is not JSON gives a warning', async () => {
    const { warnings } = await publish({ ...files, 'app/manifest.json': '{' }, 'app/manifest.json');
    expect(warnings.map(({ message }) => message)).toEqual([
      'app/manifest.json: not rewritten: invalid JSON.',
    ]);
  });
});

describe('structured data', () => {
  it('refers to the files of the run, and to nothing else', async () => {
    const page =
      '<script type="application/ld+json">{"image":"img/a.png","logo":"A company","thumbnailUrl":"/static/gone.png"}</script>';
    const { text, name, references } = await publish({ 'index.html': page, 'img/a.png': '' }, 'index.html');
    expect(text).toBe(page.replace('img/a.png', name('img/a.png')));
    expect(references).toHaveLength(1);
  });
});

describe('under the root of a host', () => {
  const css = 'a{b:url(/img/x.png) url(/about) url(/img/) url(../img/x.png)}';
  const files = { 'css/a.css': css, 'img/x.png': 'x', 'js/n.js': '', 'js/m.js': 'import "/js/n.js";' };

  it.each(['/', 'https://cdn.test/', '//cdn.test/'])(
    'staticUrl %s: paths are rewritten where this run has the file',
    async (staticUrl) => {
      const { text, name, references } = await publish(files, 'css/a.css', {}, { staticUrl });
      expect(text).toBe(css.replaceAll('img/x.png', name('img/x.png')));
      expect(references.map(({ status }) => status)).toEqual([
        'rewritten',
        'outside-static-url',
        'outside-static-url',
        'rewritten',
      ]);
      expect((await publish(files, 'js/m.js', {}, { staticUrl })).text).toBe(`import "/${name('js/n.js')}";`);
    },
  );
});

describe('@import that browsers ignore', () => {
  it('is a warning if its file is missing', async () => {
    const css = 'a{}\n@import "gone.css";';
    const { warnings } = await publish({ 'a.css': css }, 'a.css', {});
    expect(warnings.map(({ message }) => message)).toEqual([
      `a.css:2:10: 'gone.css' not found. Browsers ignore an @import that follows other rules or is in one.\n    @import "gone.css";`,
    ]);
  });
});

describe('a reference that nothing closes', () => {
  it.each([
    ['a{b:url(x.png}', "a.css:1:9: syntax error: nothing closes 'x.png}'."],
    [
      `a{b:url("x.png)${';c:d'.repeat(50)}`,
      `a.css:1:10: syntax error: nothing closes 'x.png)${';c:d'.repeat(8)};c'.`,
    ],
    ['@import "x.css;', "a.css:1:10: syntax error: nothing closes 'x.css;'."],
  ])('is reported as a syntax error, not as a missing file: %.20s', async (css, message) => {
    const { warnings } = await publish({ 'a.css': css }, 'a.css', { missing: 'warn' });
    expect(warnings[0]!.message).toContain(message);
    expect(warnings[0]!.message).not.toContain('not found');
  });

  it('is rewritten if its file exists, as browsers close it at the end', async () => {
    const { text, name } = await publish({ 'a.css': '@import "b.css', 'b.css': '' }, 'a.css', {});
    expect(text).toBe(`@import "${name('b.css')}`);
  });
});

describe('reports', () => {
  it('list data: URLs as scheme, a long one in part', async () => {
    const css = `a{b:url(data:,${'x'.repeat(1000)})}`;
    const { references } = await publish({ 'a.css': css }, 'a.css', {});
    expect(references).toMatchObject([{ kind: 'css-url', status: 'scheme' }]);
    expect(references[0]!.text).toMatch(/^data:,x{54}…$/);
  });

  it('decode text by the encoding of its file', async () => {
    const css = Buffer.from('@charset "windows-1251";a{b:url(\xe9.png)}', 'latin1');
    const tree = new Map([['a.css', css]]);
    const { references, warnings } = await fingerprintTree(tree, { missing: 'warn' });
    expect(references[0]!.text).toBe('й.png');
    expect(warnings[0]!.message).toContain('a{b:url(й.png)}');
  });
});
