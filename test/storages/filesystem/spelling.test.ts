import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { spellingIn } from '../../../src/storages/filesystem/spelling.js';
import { failCalls, noteCalls, systemError } from '../../support/failing-calls.js';
import { type CaseRules, ignoreCase } from '../../support/ignoring-case.js';
import { newProject, type Project } from '../../support/project.js';
import type { TreeInput } from '../../support/tree.js';

const NAMES = { ignoresCase: true, ignoresForm: true, keepsCase: true };

function folder(tree: TreeInput, rules?: CaseRules): Project {
  const project = newProject({ root: { folder: true }, ...tree });
  ignoreCase(project.path('root'), rules);
  return project;
}

const spelling = (project: Project) => spellingIn(project.path('root'), NAMES);

describe('isRight', () => {
  it.each([
    ['Img/Deep/A.js', true],
    ['Img/Deep/a.js', false],
    ['Img/deep/A.js', false],
    ['img/Deep/A.js', false],
    ['Img/Deep/gone.js', true],
    ['img/Deep/gone.js', false],
    ['gone/Deep/A.js', true],
    ['b.js', true],
    ['B.js', false],
    ['Img', true],
    ['b.js/below', true],
  ])('compares each part of a path as it is listed: %s, %j', (publicPath, right) => {
    const project = folder({ 'root/Img/Deep/A.js': '', 'root/b.js': '' });
    expect(spelling(project).isRight(publicPath)).toBe(right);
  });

  it('takes both Unicode forms for the same spelling', () => {
    const project = folder({ 'root/caf\u00e9.txt': '' });
    const { isRight } = spelling(project);
    expect(isRight('cafe\u0301.txt')).toBe(true);
    expect(isRight('Cafe\u0301.txt')).toBe(false);
  });

  it('lists each folder once', () => {
    const project = newProject({ 'root/x/a.js': '', 'root/x/b.js': '' });
    const { isRight } = spelling(project);
    const listed = noteCalls('readdirSync');
    for (const name of ['x/a.js', 'x/b.js', 'x/A.js', 'x/c.js']) isRight(name);
    expect(listed).toHaveLength(2);
  });

  it('is right for everything in a missing destination', () => {
    expect(spelling(newProject({})).isRight('a/b.js')).toBe(true);
  });
});

describe.each([
  ['whose system renames by letter case', {}],
  ['whose system takes both spellings for one file', { renamesCase: false }],
])('correct, in a folder %s', (_, rules) => {
  it('renames the file and its folders, and nothing else', () => {
    const project = folder({ 'root/img/deep/a.js': 'a', 'root/img/other.js': 'o' }, rules);
    const { correct, isRight } = spelling(project);
    correct('Img/Deep/A.js');
    expect(project.texts()).toEqual({ 'Img/Deep/A.js': 'a', 'Img/other.js': 'o' });
    expect(isRight('Img/Deep/A.js')).toBe(true);
    expect(isRight('Img/Deep/a.js')).toBe(false);
  });

  it('renames nothing that is right or missing', () => {
    const project = folder({ 'root/img/a.js': 'a' }, rules);
    const renamed = noteCalls('renameSync');
    const { correct } = spelling(project);
    for (const name of ['img/a.js', 'img/gone.js', 'gone/a.js', 'a.js']) correct(name);
    expect(renamed).toHaveLength(0);
  });

  it('renames a folder once for all files in it', () => {
    const project = folder({ 'root/img/a.js': 'a', 'root/img/b.js': 'b' }, rules);
    const { correct } = spelling(project);
    correct('Img/a.js');
    const renamed = noteCalls('renameSync');
    correct('Img/b.js');
    expect(renamed).toHaveLength(0);
    expect(Object.keys(project.texts())).toEqual(['Img/a.js', 'Img/b.js']);
  });
});

it('a name in between is used where one rename does not change the letter case', () => {
  const project = folder({ 'root/a.js': 'a' }, { renamesCase: false });
  const renamed = noteCalls('renameSync');
  spelling(project).correct('A.js');
  expect(renamed.map((each) => each.map((place) => path.basename(String(place))))).toEqual([
    ['a.js', 'A.js'],
    ['a.js', 'a.js.renamed'],
    ['a.js.renamed', 'A.js'],
  ]);
});

it('one rename is enough where it changes the letter case', () => {
  const project = folder({ 'root/a.js': 'a' });
  const renamed = noteCalls('renameSync');
  spelling(project).correct('A.js');
  expect(renamed).toHaveLength(1);
  expect(fs.readdirSync(project.path('root'))).toEqual(['A.js']);
});

it('a file whose letter case cannot be changed is named', () => {
  const project = folder({ 'root/img/a.js': 'a' });
  failCalls('renameSync', systemError('EACCES'));
  expect(() => spelling(project).correct('img/A.js')).toThrow(
    expect.objectContaining({
      code: 'target',
      message: `Cannot write '${project.path('root/img/A.js')}': permission denied.`,
    }),
  );
});
