import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { createIsListed, isExactFile } from '../../src/files/exact-names.js';
import { tempTree } from '../finders/temp-tree.js';
import { foldNames } from '../support/fold-names.js';

/** Sets the time of a folder. Its listing is reused only if that is some time ago. */
function dated(folder: string, secondsAgo: number): void {
  const time = Date.now() / 1000 - secondsAgo;
  fs.utimesSync(folder, time, time);
}

describe('a file is found', () => {
  const isFound = (folder: string, name: string) => isExactFile(folder, name, createIsListed());

  test('under its own name, through links too', () => {
    const tree = tempTree({ 'js/a.js': '', 'other/b.js': '', 'js/lib': { link: '../other' } });
    expect(isFound(tree, 'js/a.js')).toBe(true);
    expect(isFound(tree, 'js/lib/b.js')).toBe(true);
  });

  test.each(['js/A.js', 'JS/a.js', 'js/a.js.', 'js/a.js ', 'js/a.js::$DATA', 'js/A~1.JS'])(
    'never under %j, wherever the file system takes that for its name',
    (name) => {
      const tree = tempTree({ 'js/a.js': '' });
      foldNames(tree, { 'A~1.JS': 'a.js' });
      expect(fs.statSync(path.join(tree, name)).isFile()).toBe(true);
      expect(isFound(tree, name)).toBe(false);
    },
  );

  test('never by the path of a folder or a loop of links, or by a name that no file can have', () => {
    const tree = tempTree({ 'js/a.js': '', loop: { link: 'loop' } });
    for (const name of ['js', 'js/none.js', 'js/a.js/b', 'loop', 'loop/a', 'x'.repeat(300)]) {
      expect([name, isFound(tree, name)]).toEqual([name, false]);
    }
  });
});

describe('a listing', () => {
  test('is read once while its folder does not change', () => {
    const tree = tempTree({ 'a.js': '', 'b.js': '' });
    dated(tree, 60);
    const read = vi.spyOn(fs, 'readdirSync');
    const isListed = createIsListed();
    expect(['a.js', 'b.js', 'a.js'].map((name) => isListed(tree, name))).toEqual([true, true, true]);
    expect(read).toHaveBeenCalledTimes(1);
    read.mockRestore();
  });

  test('is read again for a name that it lacks', () => {
    const tree = tempTree({ 'a.js': '' });
    dated(tree, 60);
    const isListed = createIsListed();
    expect([isListed(tree, 'a.js'), isListed(tree, 'b.js')]).toEqual([true, false]);
    fs.writeFileSync(path.join(tree, 'b.js'), '');
    dated(tree, 60);
    expect(isListed(tree, 'b.js')).toBe(true);
  });

  test('is not reused if its folder has just changed, because it may have changed again', () => {
    const tree = tempTree({ 'a.js': '' });
    dated(tree, 0);
    const { mtimeMs } = fs.statSync(tree);
    const isListed = createIsListed();
    expect(isListed(tree, 'a.js')).toBe(true);
    fs.renameSync(path.join(tree, 'a.js'), path.join(tree, 'A.js'));
    fs.utimesSync(tree, mtimeMs / 1000, mtimeMs / 1000);
    expect(isListed(tree, 'a.js')).toBe(false);
  });
});
