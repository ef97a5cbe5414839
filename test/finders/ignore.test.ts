import { describe, expect, test } from 'vitest';
import { DEFAULT_IGNORE } from '../../src/finders/finder.js';
import { ignoreRules } from '../../src/finders/ignore.js';

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
];

test.each(FILES)('of %j, the file %j is hidden by %j', (patterns, path, hiding) => {
  expect(ignoreRules(patterns).hidingFile(path.split('/').at(-1)!, path)).toBe(hiding);
});

describe('folders', () => {
  test.each([
    [['node_modules'], 'node_modules', 'node_modules'],
    [['node_modules/'], 'node_modules', 'node_modules/'],
    [['node_modules/*'], 'node_modules', undefined],
    [DEFAULT_IGNORE, '.git', '.*'],
    [DEFAULT_IGNORE, 'git', undefined],
  ])('of %j, the folder %j is hidden by %j', (patterns, name, hiding) => {
    expect(ignoreRules(patterns).hidingFolder(name)).toBe(hiding);
  });
});
