import { describe, expect, it } from 'vitest';
import { joinedScanner } from '../../../src/references/custom-scanners.js';
import { scanJavaScript } from '../../../src/references/javascript/javascript.js';
import { collectTree } from './collect-tree.js';

/** Returns what the warning asks to exclude; `undefined` without a warning. */
async function lookedFor(files: Readonly<Record<string, string>>, exclude: readonly string[] = []) {
  const tree = Object.fromEntries(Object.entries(files).map(([name, text]) => [`static/${name}`, text]));
  const { warnings } = await collectTree(tree, { options: { exclude } });
  const [warning] = warnings.filter(({ code }) => code === 'looked-up-name');
  return warning && JSON.parse(warning.message.split('\n').at(-1)!);
}

describe('a script that looks for its own name is warned of', () => {
  it.each<readonly [what: string, script: string]>([
    [
      'by a pattern',
      'var s=document.getElementsByTagName("script"),e=s[0].src.match(/(^|.*[\\\\\\/])editor\\.js(?:\\?.*|;.*)?$/i)',
    ],
    [
      'by a pattern with variants',
      'for (const s of document.scripts) if (/editor(\\.full|)(\\.min|)\\.js/.test(s.src)) base = s',
    ],
    ['by its name', "const base = document.currentScript.src.split('editor.js')[0]"],
    ['by a path', 'const at = document.currentScript.src.indexOf("js/editor.js")'],
    ['by a selector', `document.querySelector('script[src$="editor.js"]')`],
    ['by a selector of a part', `document.querySelector("script[src*='/editor.js']")`],
  ])('%s', async (_, script) => {
    expect(await lookedFor({ 'js/editor.js': script })).toEqual(['js/editor.js']);
    expect(await lookedFor({ 'js/editor.js': script }, ['js/editor.js'])).toBeUndefined();
  });

  it.each([String.raw`/kit(\.min)?\.js($|\?)/.test(s.src)`, 's.src.endsWith("kit.js")'])(
    'also if another script of the package looks for it: %s',
    async (test) => {
      const chunk = `[...document.getElementsByTagName('script')].find((s) => ${test})`;
      expect(await lookedFor({ 'kit.js': '', 'chunks/chunk.4F.js': chunk })).toEqual(['kit.js']);
    },
  );
});

it('a script with a scanner of its own that extends the built-in one is warned of', async () => {
  const tree = {
    'static/editor.js': "const base = document.currentScript.src.split('editor.js')[0]",
    'scan.mjs': 'export default () => ({ references: [] });',
  };
  const scanners = [{ files: '**/*.js', scan: './scan.mjs', extends: true }];
  const { warnings } = await collectTree(tree, {
    settings: { postProcess: [['fingerprint', { references: { scanners } }]] },
  });
  expect(warnings.map(({ code }) => code)).toEqual(['looked-up-name']);
});

it('a script that reads the url() of an image back is warned of', async () => {
  const files = {
    'map/map.js':
      'p=getComputedStyle(el).backgroundImage;p=p.match(/^url\\(([\'"])?(.+)\\1\\)$/)[2];m=/^(.*)pin-icon\\.png$/.exec(p)',
    'map/map.css': '.map-path{background-image:url(images/pin-icon.png)}',
    'map/images/pin-icon.png': '',
    'map/images/pin-shadow.png': '',
  };
  expect(await lookedFor(files)).toEqual(['map/images/pin-icon.png']);
  expect(await lookedFor(files, ['map/images/pin-*.png'])).toBeUndefined();
});

it('names each file once, with the scripts that look for it', async () => {
  const script = 'document.currentScript.src.replace(/editor\\.js$/, "")';
  const { warnings } = await collectTree({ 'static/editor.js': script, 'static/b.js': script });
  expect(warnings.map(({ message }) => message)).toEqual([
    [
      'Scripts look for files by their plain names, and will not find them under their new names:',
      "    'editor.js', by 'b.js' and 1 more",
      "  To keep these names, add them to the option 'exclude' of fingerprint:",
      '    ["editor.js"]',
    ].join('\n'),
  ]);
});

describe('no warning', () => {
  it.each<readonly [what: string, script: string]>([
    ['a look-up without a name', 'const base = document.currentScript.src.replace(/[^/]*$/, "")'],
    ['a name without a look-up', 'console.log("editor.js")'],
    [
      'a pattern that accepts a fingerprint',
      'document.currentScript.src.match(/^(.*)\\/editor([\\-.]\\w+)?\\.js(\\?|$)/)',
    ],
    ['a selector that accepts a fingerprint', `document.querySelector('script[src*="editor"]')`],
    ['the name of another script', 'load(document.currentScript, "other.js")'],
    ['a pattern that may take long', 'document.currentScript.src.match(/(e+)+editor\\.js/)'],
  ])('for %s', async (_, script) => {
    expect(await lookedFor({ 'editor.js': script, 'other.js': '' })).toBeUndefined();
  });
});

it('what a script looks for is still known if a custom scanner adds to the built-in one', () => {
  const nothing = () => ({ references: [], skipped: [], warnings: [] });
  const script = Buffer.from("const base = document.currentScript.src.split('editor.js')[0]");
  expect(joinedScanner(scanJavaScript, nothing)(script)).toEqual(scanJavaScript(script));
});
