import { describe, expect, it } from 'vitest';
import { findStaticFiles } from '../../src/finders/find.js';
import type { FindContext } from '../../src/finders/finder.js';
import type { Warning } from '../../src/model/static-file.js';
import { quoted } from '../../src/text/printable.js';
import { fixedFinder } from '../support/built-settings.js';
import { newProject } from '../support/project.js';

const project = newProject({ 'one.txt': '1', 'two.txt': '2' });

function find(...lists: Record<string, string>[]) {
  const warnings: Warning[] = [];
  const context: FindContext = { ignore: [], exclude: [], warn: (warning) => warnings.push(warning) };
  const finders = lists.map((files) => fixedFinder(project, files));
  return { found: findStaticFiles(finders, context), warnings };
}

describe('findStaticFiles', () => {
  it('takes the file of the first finder, and reports the others as conflicts', async () => {
    const { files, conflicts } = await find({ a: 'one.txt' }, { a: 'two.txt', b: 'two.txt' }).found;
    expect(files.map((file) => [file.logicalPath, file.sourcePath])).toEqual([
      ['a', project.path('one.txt')],
      ['b', project.path('two.txt')],
    ]);
    expect(conflicts.map(({ logicalPath, shadowed }) => [logicalPath, shadowed.sourcePath])).toEqual([
      ['a', project.path('two.txt')],
    ]);
    expect(conflicts[0]?.sameBytes()).toBe(false);
  });

  it('reports no conflict for a file that two finders list', async () => {
    const { conflicts } = await find({ a: 'one.txt' }, { a: 'one.txt' }).found;
    expect(conflicts).toEqual([]);
  });

  it.each([
    [{ x: 'one.txt' }, { 'x/y': 'two.txt' }],
    [{ 'x/y/z': 'one.txt' }, { x: 'two.txt' }],
  ])('refuses a path that is both a file and a folder', async (first, second) => {
    const message = expect.stringMatching(/'x' cannot be both a file and a folder: .*one.txt.*|.*two.txt.*/);
    await expect(find(first, second).found).rejects.toMatchObject({ code: 'source', message });
  });

  it.each(['../a', '/a', '', 'a//b', 'a\0'])('refuses the path %j of a finder', async (logicalPath) => {
    await expect(find({ [logicalPath]: 'one.txt' }).found).rejects.toMatchObject({
      code: 'plugin',
      message: expect.stringContaining(`the logical path ${quoted(logicalPath)}, which is not a path below`),
    });
  });

  it.each([
    ['Logo.png', 'logo.png', 'letter case'],
    ['LOGO.png', 'Logo.png', 'letter case'],
    ['caf\u00e9.txt', 'cafe\u0301.txt', 'Unicode normalisation'],
  ])('warns that %s and %s collide on other systems', async (a, b, difference) => {
    const { found, warnings } = find({ [a]: 'one.txt', [b]: 'two.txt' });
    await found;
    expect(warnings).toEqual([
      { code: 'name-collision', message: expect.stringContaining(`differ only in ${difference}`) },
    ]);
  });

  it('warns once about folders that collide on other systems', async () => {
    const { found, warnings } = find({
      'Img/a.png': 'one.txt',
      'img/b.png': 'two.txt',
      'img/c.png': 'one.txt',
    });
    await found;
    expect(warnings).toEqual([
      {
        code: 'name-collision',
        message: expect.stringContaining("'Img' and 'img' differ only in letter case"),
      },
    ]);
  });

  it('does not warn about names that differ otherwise', async () => {
    const { found, warnings } = find({ 'Logo.png': 'one.txt', 'logos.png': 'two.txt', 'é.txt': 'one.txt' });
    await found;
    expect(warnings).toEqual([]);
  });
});
