import { expect, it } from 'vitest';
import type { Output } from '../../../src/model/output.js';
import { fingerprint } from '../../../src/processors/fingerprint/processor.js';
import { fingerprintTree, treeOf } from '../in-memory.js';
import { processorContext } from '../processor-context.js';

type Texts = Readonly<Record<string, string>>;

const USE = '.b { background: var(--icon) }';

/** Runs `fingerprint` and returns what became of the references in one file. */
async function publish(texts: Texts, file = 'css/theme.css', options: object = {}) {
  const { references, names, published, warnings } = await fingerprintTree(treeOf(texts), {
    originals: false,
    ...options,
  });
  const own = references.filter((each) => each.file === file);
  return {
    statuses: own.map(({ target, status }) => (target === undefined ? status : `${target} ${status}`)),
    text: published.get(names.get(file)!)!.toString(),
    names,
    warnings,
  };
}

it('a relative URL in a custom property is rewritten to the file that it names where var() uses it', async () => {
  const { statuses, text, names, warnings } = await publish({
    'css/theme.css': ':root { --icon: url("../img/icon.png") }',
    'css/parts/button.css': USE,
    'img/icon.png': 'one',
    'css/img/icon.png': 'two',
  });
  expect([statuses, warnings]).toEqual([['css/img/icon.png rewritten'], []]);
  expect(text).toContain(`url("../${names.get('css/img/icon.png')!.slice('css/'.length)}")`);
});

it.each<[string, Texts, string]>([
  [
    'a file that exists only for the use site',
    { 'css/theme.css': ':root{--icon:url(img/a.png)}', 'widgets/b.css': USE, 'widgets/img/a.png': '' },
    'widgets/img/a.png rewritten',
  ],
  [
    'several use sites that agree',
    {
      'css/theme.css': `:root{--icon:url(../img/a.png)}${USE}`,
      'js/b.css': USE,
      'img/a.png': '',
    },
    'img/a.png rewritten',
  ],
  [
    'another custom property on the way',
    {
      'css/theme.css': ':root{--part:url(img/a.png);--icon:1px var(--part)}',
      'x/b.css': USE,
      'x/img/a.png': '',
      'css/img/a.png': 'other',
    },
    'x/img/a.png rewritten',
  ],
  [
    'a type, if declaration and use agree',
    {
      'css/theme.css': ':root{--icon:url(a.png)}',
      'css/b.css': `@property --icon{syntax:"<image>";inherits:true;initial-value:none}${USE}`,
      'css/a.png': '',
    },
    'css/a.png rewritten',
  ],
  [
    'a URL from the root, which is the same everywhere',
    { 'css/theme.css': ':root{--icon:url(/static/a.png)}', 'x/b.css': USE, 'a.png': '' },
    'a.png rewritten',
  ],
  ['another host', { 'css/theme.css': ':root{--icon:url(//x.test/a.png)}' }, 'other-host'],
])('with %s, its status is right', async (_, texts, status) => {
  const { statuses, warnings } = await publish(texts);
  expect([statuses, warnings]).toEqual([[status], []]);
});

it.each<[string, Texts]>([
  [
    'use sites name different files',
    { 'x/b.css': USE, 'y/b.css': USE, 'x/a.png': 'x', 'y/a.png': 'y', 'css/a.png': 'css' },
  ],
  ['one use site names no file', { 'x/b.css': USE, 'y/b.css': USE, 'x/a.png': 'x' }],
  [
    'browsers disagree, since it has a type',
    {
      'x/b.css': `@property --icon{syntax:"<image>";inherits:true;initial-value:none}${USE}`,
      'x/a.png': 'x',
      'css/a.png': 'css',
    },
  ],
  ['nothing uses it', { 'css/a.png': 'css' }],
  ['no use site has the file', { 'x/b.css': USE }],
])('if %s, it stays as it is, with one warning', async (_, texts) => {
  const css = ':root{--icon:url(a.png);--icon:url(a.png)}';
  const { statuses, text, warnings } = await publish({ 'css/theme.css': css, ...texts });
  expect([statuses, text]).toEqual([['ambiguous', 'ambiguous'], css]);
  expect(warnings.map(({ code }) => code)).toEqual(['ambiguous-reference']);
  expect(warnings[0]!.message).toContain('2 relative URLs in custom properties not rewritten');
  expect(warnings[0]!.message).toContain("css/theme.css:1:18: 'a.png' in --icon");
  expect(warnings[0]!.message).toContain("'/static/img/icon.png'");
});

it('a style attribute and a page count as use sites, and may declare one', async () => {
  const page =
    '<p style="--icon: url(&quot;img/a.png&quot;)"></p><p style="background: var(--logo)"></p><style>:root{--logo:url(img/a.png)}</style>';
  const files = { 'css/b.css': USE, 'css/img/a.png': 'css', 'img/a.png': 'root' };
  const { statuses } = await publish({ 'index.html': page, ...files }, 'index.html', {
    references: { html: true },
  });
  expect(statuses).toEqual(['css/img/a.png rewritten', 'img/a.png rewritten']);
});

it('in a session, a new use site changes what an unchanged file refers to', async () => {
  const session = {};
  const run = async (outputs: readonly Output[]) => {
    const published = await fingerprint({ originals: false }).process(outputs, processorContext({ session }));
    const names = new Map(published.map(({ logicalPath, publicPath }) => [logicalPath, publicPath]));
    const theme = published.find(({ logicalPath }) => logicalPath === 'css/theme.css')!;
    return { names, text: theme.body.kind === 'bytes' ? Buffer.from(theme.body.bytes).toString() : '' };
  };
  const output = (path: string, text: string): Output => ({
    logicalPath: path,
    publicPath: path,
    body: { kind: 'bytes', bytes: Buffer.from(text) },
  });
  const same = [
    output('css/theme.css', ':root{--icon:url(a.png)}'),
    output('css/a.png', 'css'),
    output('x/a.png', 'x'),
  ];
  const first = await run([...same, output('css/b.css', USE), output('x/b.css', '')]);
  expect(first.text).toContain(first.names.get('css/a.png')!.slice('css/'.length));
  const second = await run([...same, output('css/b.css', ''), output('x/b.css', USE)]);
  expect(second.text).toContain(second.names.get('x/a.png')!.slice('x/'.length));
});
