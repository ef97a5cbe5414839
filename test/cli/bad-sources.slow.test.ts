import fs from 'node:fs';
import { describe, expect, test } from 'vitest';
import { collect, lines, run } from '../support/command.js';
import { reportOf } from '../support/plan.js';
import { newProject, SETTINGS } from '../support/project.js';
import type { TreeInput } from '../support/tree.js';

interface BadInput {
  readonly tree: TreeInput;
  readonly settings?: object;
  /** Parts of standard error. */
  readonly says: readonly string[];
  /** The published files; absent if the run fails. */
  readonly published?: Readonly<Record<string, string>>;
}

const TWO = { ...SETTINGS, staticfilesDirs: ['one', 'two'] };

const passedOver: Record<string, BadInput> = {
  'a FIFO': {
    tree: { 'static/a.txt': 'a', 'static/pipe': { fifo: true } },
    says: ["'{TMP}/static/pipe'"],
    published: { 'a.txt': 'a' },
  },
  'a link to a FIFO': {
    tree: { 'static/a.txt': 'a', pipe: { fifo: true }, 'static/linked': { link: '../pipe' } },
    says: ["'{TMP}/static/linked'"],
    published: { 'a.txt': 'a' },
  },
  'a linked folder that contains its link': {
    tree: { 'static/sub/a.txt': 'a', 'static/sub/loop': { link: '..' } },
    says: ['{TMP}/static/sub/loop'],
    published: { 'sub/a.txt': 'a' },
  },
  'two linked folders that contain links to each other': {
    tree: {
      'static/x/a.txt': 'a',
      'static/x/y': { link: '../y' },
      'static/y/b.txt': 'b',
      'static/y/x': { link: '../x' },
    },
    says: ['{TMP}/static/x/y/x', '{TMP}/static/y/x/y'],
    published: { 'x/a.txt': 'a', 'x/y/b.txt': 'b', 'y/b.txt': 'b', 'y/x/a.txt': 'a' },
  },
  'names that differ in case only': {
    tree: { 'static/Logo.svg': 'upper', 'static/logo.svg': 'lower' },
    says: ["'Logo.svg'", "'logo.svg'"],
    published: { 'Logo.svg': 'upper', 'logo.svg': 'lower' },
  },
  'names that differ in normalisation only': {
    tree: { 'static/caf\u00e9.txt': 'one', 'static/cafe\u0301.txt': 'two' },
    says: ["'caf\u00e9.txt'", "'cafe\u0301.txt'"],
    published: { 'caf\u00e9.txt': 'one', 'cafe\u0301.txt': 'two' },
  },
  'a destination inside a source': {
    tree: { 'static/a.txt': 'a', 'static/out/old.txt': 'old' },
    settings: { ...SETTINGS, staticRoot: 'static/out' },
    says: ['{TMP}/static/out'],
    published: { 'a.txt': 'a', 'old.txt': 'old' },
  },
};

const refused: Record<string, BadInput> = {
  'a dangling link': {
    tree: { 'static/dangling': { link: 'nowhere' }, 'static/a.txt': 'a' },
    says: ["'{TMP}/static/dangling'", "'nowhere'"],
  },
  'a link to itself': {
    tree: { 'static/self': { link: 'self' }, 'static/a.txt': 'a' },
    says: ["'{TMP}/static/self'"],
  },
  'a file in one source, a folder in another': {
    tree: { 'one/x': 'file', 'two/x/y.txt': 'inside' },
    settings: TWO,
    says: ["'{TMP}/one/x'", "'{TMP}/two/x/y.txt'"],
  },
  'a folder in one source, a file in another': {
    tree: { 'one/x/y.txt': 'inside', 'two/x': 'file' },
    settings: TWO,
    says: ["'{TMP}/one/x/y.txt'", "'{TMP}/two/x'"],
  },
  'different bytes, where conflicts are errors': {
    tree: { 'one/a.txt': '1', 'two/a.txt': '2', 'one/same.txt': 's', 'two/same.txt': 's' },
    settings: { ...TWO, conflicts: 'error' },
    says: ["'{TMP}/one/a.txt'", "'{TMP}/two/a.txt'"],
  },
};

describe.concurrent('skipped with a warning', () => {
  test.each(Object.entries(passedOver))('%s', async (_, { tree, settings, says, published }) => {
    const project = newProject(tree, settings);
    const root = (settings as typeof SETTINGS | undefined)?.staticRoot ?? 'root';
    for (let round = 0; round < 2; round++) {
      const result = await collect(project);
      expect(result.exit).toBe(0);
      for (const words of says) expect(result.stderr).toContain(words);
      expect(project.texts(root)).toEqual(published);
    }
    expect((await collect(project, ['-q'])).stderr).toBe('');
    expect(reportOf(await collect(project, ['--json'])).warnings.length).toBeGreaterThan(0);
  });
});

describe.concurrent('refused with nothing published', () => {
  test.each(Object.entries(refused))('%s', async (_, { tree, settings, says }) => {
    const project = newProject(tree, settings);
    const result = await collect(project);
    expect(result).toMatchObject({ exit: 1, stdout: '' });
    for (const words of says) expect(result.stderr).toContain(words);
    expect(fs.existsSync(project.path('root'))).toBe(false);
  });

  test('a name that is not UTF-8 is shown as bytes', async () => {
    const project = newProject({ 'static/a.txt': 'a' });
    fs.writeFileSync(
      Buffer.concat([Buffer.from(`${project.path('static')}/bad-`), Buffer.of(0xff, 0x2e, 0x63)]),
      'x',
    );
    const result = await collect(project);
    expect(result).toMatchObject({ exit: 1, stdout: '', stderr: expect.stringContaining('bad-\\xff.c') });
    expect(project.texts()).toEqual({});
  });

  test.each(['static/sub', 'static/sub/b.txt'])('an unreadable %s', async (name) => {
    const project = newProject({ 'static/a.txt': 'a', 'static/sub/b.txt': 'b' });
    const result = await collect(project, [], { fault: { fault: 'deny', at: project.path(name) } });
    expect(result).toMatchObject({ exit: 1, stdout: '' });
    expect(result.stderr).toContain(`{TMP}/${name}`);
    expect(result.stderr).toContain('permission denied');
    expect(project.texts()).toEqual({});
  });

  test('--fail-on-conflict refuses files with the same path unless their bytes are equal', async () => {
    const project = newProject({ 'one/a.txt': 'same', 'two/a.txt': 'same' }, TWO);
    expect(await collect(project, ['--fail-on-conflict'])).toMatchObject({ exit: 0 });
    project.write({ 'two/a.txt': 'other' });
    expect(await collect(project, ['--fail-on-conflict'])).toMatchObject({ exit: 1 });
  });
});

describe.concurrent('odd names', () => {
  const names = [
    ' spaces at the ends ',
    '100%.txt',
    '%2e%2e',
    'a#b.txt',
    'a?b=c.txt',
    'back\\slash.txt',
    'co:lon.txt',
    'C:',
    'new\nline.txt',
    'quote\'s "and" more.txt',
    '-n',
    '...',
    '__proto__',
    'constructor',
    '\u{1F600}.txt',
    'x'.repeat(255),
  ];
  test('are published, found unchanged, and found by findstatic', async () => {
    const tree = Object.fromEntries(names.map((name) => [`static/${name}`, `text of ${name}`]));
    const project = newProject({ ...tree, 'static/dir with \n and %/inner.txt': 'inner' });
    expect(await collect(project, ['--no-default-ignore'])).toMatchObject({ exit: 0 });
    expect(project.texts()).toEqual(project.texts('static'));
    expect(Object.keys(project.texts())).toHaveLength(names.length + 1);
    const { counts } = reportOf(await collect(project, ['--no-default-ignore', '--json']));
    expect(counts).toMatchObject({ copied: 0, unmodified: names.length + 1 });
    const found = names.filter((name) => !name.includes('\n') && !name.startsWith('.'));
    const result = await run(project, 'findstatic', ['-v', '0', '--', ...found]);
    expect(lines(result.stdout)).toEqual(found.map((name) => `{TMP}/static/${name}`));
  });
});
