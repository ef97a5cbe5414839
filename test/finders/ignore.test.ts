import { describe, expect, test } from 'vitest';
import { DEFAULT_IGNORE } from '../../src/finders/finder.js';
import { ignoreRules, includeRules } from '../../src/finders/ignore.js';

const FILES: readonly (readonly [patterns: readonly string[], path: string, hiding: string | undefined])[] = [
  [['*.tmp'], 'a.tmp', '*.tmp'],
  [['*.tmp'], 'sub/b.tmp', '*.tmp'],
  [['*.tmp'], 'a.tmp.txt', undefined],
  [['./a.txt'], 'a.txt', './a.txt'],
  [['sub//x/../a.txt'], 'sub/a.txt', 'sub//x/../a.txt'],
  [['only/*'], 'only/deep/path.txt', 'only/*'],
  [['only/*'], 'x/only/path.txt', undefined],
  [['keep/x[1].dat'], 'keep/x1.dat', 'keep/x[1].dat'],
  [['keep/x[1].dat'], 'keep/x2.dat', undefined],
  [['sub/deep'], 'sub/deep/c.txt', undefined],
  [['d?x'], 'd/x', 'd?x'],
  [['a*b'], 'ax/yb', 'a*b'],
  [['x', 'b*', '*'], 'a/b', 'b*'],
  [['b'], 'a/b', 'b'],
  [['a'], 'a/b', undefined],
  [['*mid*'], 'x/amidst', '*mid*'],
  [['A.txt'], 'a.txt', undefined],
  [[''], 'a.txt', undefined],
  [DEFAULT_IGNORE, 'a/.htaccess', '.*'],
  [DEFAULT_IGNORE, 'a/back~', '*~'],
  [DEFAULT_IGNORE, 'CVS', 'CVS'],
  [DEFAULT_IGNORE, 'a.b~c', undefined],
  [['/a.css'], 'a.css', '/a.css'],
  [['/a.css'], 'sub/a.css', undefined],
  [['/js/*'], 'js/lib/a.js', '/js/*'],
  [['/**/a.css'], 'sub/a.css', '/**/a.css'],
  [['**/*.map'], 'a.css.map', '**/*.map'],
  [['**/*.map'], 'css/a.css.map', '**/*.map'],
  [['js/**/v.js'], 'js/v.js', 'js/**/v.js'],
  [['js/**/v.js'], 'js/a/b/v.js', 'js/**/v.js'],
  [['*.{map,css}'], 'sub/a.css', '*.{map,css}'],
  [['*.{map,css}'], 'a.js', undefined],
  [['lib/*.{js,css}'], 'lib/deep/a.js', 'lib/*.{js,css}'],
  [['{a,b}.css'], '{a,b}.css', '{a,b}.css'],
  [['@(a|b).js'], 'sub/b.js', '@(a|b).js'],
  [['!a.css'], 'b.css', undefined],
  [['!a.css'], '!a.css', '!a.css'],
];

test.each(FILES)('of %j, the file %j is hidden by %j', (patterns, path, hiding) => {
  expect(ignoreRules(patterns).hidingFile(path.split('/').at(-1)!, path)).toBe(hiding);
});

describe('folders', () => {
  test.each([
    [['node_modules'], 'node_modules', 'node_modules'],
    [['node_modules/'], 'node_modules', 'node_modules/'],
    [['node_modules/*'], 'node_modules', undefined],
    [['js/vendor'], 'js/vendor', 'js/vendor'],
    [['js/vendor/'], 'js/vendor', 'js/vendor/'],
    [['js/vendor'], 'vendor', undefined],
    [['js/vendor'], 'lib/js/vendor', undefined],
    [['/vendor'], 'vendor', '/vendor'],
    [['/vendor'], 'js/vendor', undefined],
    [['**/vendor'], 'a/b/vendor', '**/vendor'],
    [['packages/*/test'], 'packages/a/test', 'packages/*/test'],
    [DEFAULT_IGNORE, '.git', '.*'],
    [DEFAULT_IGNORE, 'git', undefined],
    [DEFAULT_IGNORE, 'sub/.well-known', undefined],
    [['.well-known'], '.well-known', '.well-known'],
  ])('of %j, the folder %j is hidden by %j', (patterns, path, hiding) => {
    expect(ignoreRules(patterns).hidingFolder(path.split('/').at(-1)!, path)).toBe(hiding);
  });
});

test('each pattern that matches something is reported once, also behind another one', () => {
  const matched: string[] = [];
  const rules = ignoreRules(['*.map', 'app.*', '*.ts'], (pattern) => matched.push(pattern));
  for (const name of ['app.map', 'app.map', 'b.map', 'b.css']) rules.hidingFile(name, name);
  expect(matched).toEqual(['*.map', 'app.*']);
});

test.each([
  ['tinymce.min.js', true],
  ['lib/tinymce.min.js', true],
  ['themes/x/theme.min.js', true],
  ['themes/x/index.js', false],
  ['skins/ui/a.css', true],
  ['skins/b.css', true],
  ['other/skins/b.css', false],
  ['README.md', false],
])('that %j is included is %j', (path, expected) => {
  const includes = includeRules(['tinymce.min.js', 'themes/**/theme.min.js', '/skins/']);
  expect(includes(path)).toBe(expected);
});
