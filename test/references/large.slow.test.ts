import { describe, expect, it } from 'vitest';
import { contentInfo } from '../../src/model/content.js';
import { scanCss } from '../../src/references/css/css.js';
import { scanImportMap } from '../../src/references/json/import-map.js';
import { scanWebManifest } from '../../src/references/json/web-manifest.js';
import { scanHtml } from '../../src/references/markup/html.js';
import { scanSvg } from '../../src/references/markup/svg.js';
import type { Scan, Scanner } from '../../src/references/reference.js';
import { fingerprintTree } from '../processors/in-memory.js';

/** More than the arguments that a call takes. */
const MANY = 150_000;

function scanned(scan: Scanner, text: string): Scan {
  return scan(Buffer.from(text));
}

function nested(open: string, inner: string, close: string): string {
  return open.repeat(MANY) + inner + close.repeat(MANY);
}

describe('150,000 of them', () => {
  it.each<[what: string, scan: Scanner, text: string]>([
    ['siblings in HTML', scanHtml, '<img src=a.png>'.repeat(MANY)],
    ['URLs in a style sheet of HTML', scanHtml, `<style>${'a{src:url(a.png)}'.repeat(MANY)}</style>`],
    ['URLs in a style attribute of HTML', scanHtml, `<p style="${'src:url(a.png);'.repeat(MANY)}">`],
    ['candidates of a srcset', scanHtml, `<img srcset="${'a.png 2x,'.repeat(MANY)}">`],
    ['siblings in SVG', scanSvg, `<svg>${'<image href="a.png"/>'.repeat(MANY)}</svg>`],
    [
      'URLs in a style sheet of SVG',
      scanSvg,
      `<svg><style>${'a{src:url(a.png)}'.repeat(MANY)}</style></svg>`,
    ],
    ['URLs in a style attribute of SVG', scanSvg, `<svg style="${'src:url(a.png);'.repeat(MANY)}"/>`],
    ['URLs in a style sheet', scanCss, 'a{src:url(a.png)}'.repeat(MANY)],
    ['icons of a web manifest', scanWebManifest, `{"icons":[${'{"src":"a.png"},'.repeat(MANY)}{}]}`],
  ])('%s are found', (_, scan, text) => {
    const { references, skipped, warnings } = scanned(scan, text);
    expect(references).toHaveLength(MANY);
    expect(references.every(({ url }) => url === 'a.png')).toBe(true);
    expect({ skipped, warnings }).toEqual({ skipped: [], warnings: [] });
  });

  it('siblings without references are passed over', () => {
    expect(scanned(scanHtml, `${'<p>x'.repeat(MANY)}<img src=a.png>`).references).toHaveLength(1);
  });

  it('attributes of one element are read', () => {
    const attributes = Array.from({ length: MANY / 3 }, (_, index) => `a${index}=x`).join(' ');
    const rel = 'x '.repeat(MANY);
    const text = `<link ${attributes} rel="${rel}icon" href=a.png>`;
    expect(scanned(scanHtml, text).references).toMatchObject([{ url: 'a.png' }]);
  });

  it('integrity values of an import map follow their URLs', () => {
    const entries = Array.from({ length: MANY }, (_, index) => `"./${index}.js":"sha384-x"`).join(',');
    const { references, integrities = [] } = scanned(scanImportMap, `{"integrity":{${entries}}}`);
    expect(integrities).toHaveLength(MANY);
    expect(integrities.map(({ of }) => of)).toEqual(references.map(({ start }) => start));
  });
});

describe('a page with a great many scripts', () => {
  const page = (src: string, integrity: string) =>
    `<script src=${src} integrity=${integrity}></script>`.repeat(MANY);

  it('has the names and integrity of the files that it refers to', async () => {
    const files = new Map([
      ['a.js', Buffer.from('a()')],
      ['page.html', Buffer.from(page('a.js', 'sha384-OLD'))],
    ]);
    const { names, published } = await fingerprintTree(files, { references: { html: true } });
    const { integrity } = contentInfo(Buffer.from('a()'), 'md5');
    expect(published.get('page.html')!.toString() === page(names.get('a.js')!, integrity)).toBe(true);
  });

  it('gets one warning, with the first 500 missing references', async () => {
    const files = new Map([['page.html', Buffer.from(page('gone.js', 'sha384-OLD'))]]);
    const references = { html: true };
    const { warnings } = await fingerprintTree(files, { references, missing: 'warn' });
    expect(warnings).toHaveLength(1);
    expect(warnings[0]!.message.split('\n')).toHaveLength(1001);
    expect(warnings[0]!.message).toMatch(
      /\n… and 149500 more\. To list all of them, run with --references FILE\.$/,
    );
    await expect(fingerprintTree(files, { references })).rejects.toThrow(
      /^150000 missing references in 1 file/,
    );
  });
});

describe('at a depth of 150,000', () => {
  it.each<[what: string, scan: Scanner, text: string]>([
    ['elements of HTML', scanHtml, nested('<div>', '<img src=a.png>', '</div>')],
    ['elements of SVG in HTML', scanHtml, `<svg>${nested('<g>', '<image href=a.png />', '</g>')}`],
    ['templates of HTML', scanHtml, nested('<template>', '<img src=a.png>', '</template>')],
    ['elements of SVG', scanSvg, nested('<g>', '<image href="a.png"/>', '</g>')],
    ['blocks of a style sheet', scanCss, nested('a{', 'src:url(a.png)', '}')],
    ['parentheses of a style sheet', scanCss, `a{b:${nested('(', 'url(a.png)', ')')}}`],
    [
      'lists of a web manifest',
      scanWebManifest,
      `{"x":${nested('[', '', ']')},"icons":[{"src":"a.png","y":${nested('{"a":', '1', '}')}}]}`,
    ],
    ['objects of an import map', scanImportMap, `{"x":${nested('{"a":', '1', '}')},"imports":{"a":"a.png"}}`],
  ])('nested %s are read', (_, scan, text) => {
    const { references, warnings } = scanned(scan, text);
    expect(references.map(({ url }) => url)).toEqual(['a.png']);
    expect(warnings).toEqual([]);
  });
});
