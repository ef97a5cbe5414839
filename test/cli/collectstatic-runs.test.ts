import fs from 'node:fs';
import { describe, expect, test } from 'vitest';
import { collect, run } from '../support/command.js';
import { planOf, reportOf } from '../support/plan.js';
import { newProject, type Project, PUBLISHED, SETTINGS } from '../support/project.js';

const TREE = { 'static/a.css': 'a {}\n', 'static/js/b.js': 'b\n', 'static/c.txt': 'c\n' };
const KEPT = ['keep a.css (unchanged)', 'keep c.txt (unchanged)', 'keep js/b.js (unchanged)'];

async function collected(
  tree: Parameters<typeof newProject>[0] = TREE,
  argv: string[] = [],
): Promise<Project> {
  const project = newProject(tree);
  expect(await collect(project, argv)).toMatchObject({ exit: 0 });
  return project;
}

/** The actions of a run, sorted, because their order is the sources' order. */
async function didOn(project: Project, argv: readonly string[] = []): Promise<string[]> {
  const result = await collect(project, ['--json', ...argv]);
  expect(result).toMatchObject({ exit: 0, stderr: '' });
  return planOf(result).sort();
}

/** Everything at the destination that an unnecessary write would change. */
function stampsOf(project: Project) {
  return Object.keys(project.tree()).map((name) => {
    const { ino, mtimeMs, ctimeMs } = fs.lstatSync(project.path('root', name));
    return { name, ino, mtimeMs, ctimeMs };
  });
}

describe.concurrent('a dry run', () => {
  const changes: Record<string, { argv?: string[]; prepare(project: Project): void }> = {
    'to an empty destination': { prepare: (project) => fs.rmSync(project.path('root'), { recursive: true }) },
    'of new, changed and unchanged files': {
      prepare: (project) => project.write({ 'static/a.css': 'changed\n', 'static/new/d.txt': 'd\n' }),
    },
    'of a changed mode': { prepare: (project) => fs.chmodSync(project.path('root/a.css'), 0o600) },
    'with --clear': {
      argv: ['--clear'],
      prepare: (project) => {
        project.write({ 'root/old/x.txt': 'x', 'root/empty': { folder: true } });
        fs.rmSync(project.path('static/c.txt'));
      },
    },
    'with --link': { argv: ['--link'], prepare: () => {} },
    'of a file where a folder was, and the reverse': {
      prepare(project) {
        fs.rmSync(project.path('static/js/b.js'));
        fs.rmdirSync(project.path('static/js'));
        fs.rmSync(project.path('static/c.txt'));
        project.write({ 'static/js': 'now a file\n', 'static/c.txt/d.txt': 'now a folder\n' });
      },
    },
  };
  for (const [name, { argv = [], prepare }] of Object.entries(changes)) {
    test(`${name} announces what the run does, and does nothing`, async () => {
      const project = await collected();
      prepare(project);
      const before = { stamps: stampsOf(project), folders: project.emptyFolders() };
      const planned = reportOf(await collect(project, ['--dry-run', '--json', ...argv]));
      expect({ stamps: stampsOf(project), folders: project.emptyFolders() }).toEqual(before);
      const done = reportOf(await collect(project, ['--json', ...argv]));
      expect(planned.files).toEqual(done.files);
      expect(planned.counts).toEqual(done.counts);
      expect([planned.dryRun, done.dryRun]).toEqual([true, false]);
      expect(project.texts()).toEqual(sourcesOf(project));
    });
  }
});

/** Texts of the sources by public path. */
function sourcesOf(project: Project): Record<string, string> {
  return project.texts('static');
}

describe.concurrent('unchanged files', () => {
  test('a second run changes nothing', async () => {
    const project = await collected();
    const before = stampsOf(project);
    expect(await didOn(project)).toEqual(KEPT);
    expect(stampsOf(project)).toEqual(before);
  });

  test('new content with an older time is copied', async () => {
    const project = await collected();
    project.write({ 'static/a.css': { text: 'b {}\n', mtime: 1000 } });
    expect(await didOn(project)).toContain('copy a.css (changed)');
    expect(project.texts()).toEqual(sourcesOf(project));
  });

  test('new content of the same size and time is copied', async () => {
    const project = await collected();
    project.write({ 'static/a.css': 'b {}\n' });
    expect(await didOn(project)).toContain('copy a.css (changed)');
  });

  test.each([0, 1_000_000_000, 4_102_444_800])(
    'equal bytes with the time %i are not copied',
    async (time) => {
      const project = await collected();
      for (const file of Object.keys(TREE)) fs.utimesSync(project.path(file), time, time);
      const before = stampsOf(project);
      expect(await didOn(project)).toEqual(KEPT);
      expect(stampsOf(project)).toEqual(before);
    },
  );

  test('a published file that was edited is replaced, even if size and time are equal', async () => {
    const project = await collected();
    const { atime, mtime } = fs.statSync(project.path('root/a.css'));
    fs.writeFileSync(project.path('root/a.css'), 'X {}\n');
    fs.utimesSync(project.path('root/a.css'), atime, mtime);
    expect(await didOn(project, ['--checksum'])).toContain('copy a.css (changed)');
    expect(project.texts()).toEqual(sourcesOf(project));
  });

  test('the mode of a published file is corrected', async () => {
    const project = await collected();
    fs.chmodSync(project.path('root/a.css'), 0o600);
    expect(await didOn(project)).toContain('copy a.css (mode)');
    expect(project.tree()['a.css']?.mode).toBe('644');
  });

  test.each([[[]], [['--checksum']]])(
    'without the record of the last run the result is the same %j',
    async (argv) => {
      const project = await collected();
      fs.rmSync(project.home, { recursive: true });
      const before = stampsOf(project);
      expect(await didOn(project, argv)).toEqual(KEPT);
      project.write({ 'static/a.css': 'b {}\n' });
      fs.rmSync(project.home, { recursive: true });
      expect(await didOn(project, argv)).toContain('copy a.css (changed)');
      expect(stampsOf(project)).not.toEqual(before);
      expect(project.texts()).toEqual(sourcesOf(project));
    },
  );

  test('a damaged record is ignored', async () => {
    const project = await collected();
    for (const file of fs.readdirSync(project.home, { recursive: true, encoding: 'utf8' })) {
      const place = `${project.home}/${file}`;
      if (fs.statSync(place).isFile()) fs.writeFileSync(place, '{"version":1,');
    }
    expect(await didOn(project)).toEqual(KEPT);
  });

  test('a file with the same bytes from another source is unchanged', async () => {
    const project = await collected();
    project.write({ 'first/a.css': { text: 'a {}\n', mtime: 5 } });
    project.settings({ ...SETTINGS, staticfilesDirs: ['first', 'static'] });
    expect(await didOn(project)).toEqual(KEPT);
  });
});

describe.concurrent('--clear', () => {
  test('writes every file again, and leaves no empty folder', async () => {
    const project = await collected();
    project.write({ 'root/old/deep/x.txt': 'x', 'root/empty/deeper': { folder: true }, 'root/.hidden': 'h' });
    const before = stampsOf(project);
    expect(await didOn(project, ['--clear'])).toEqual([
      'copy a.css (clear)',
      'copy c.txt (clear)',
      'copy js/b.js (clear)',
      'delete .hidden (not collected)',
      'delete empty/deeper (empty folder)',
      'delete old/deep/x.txt (not collected)',
    ]);
    expect(project.texts()).toEqual(sourcesOf(project));
    expect(project.emptyFolders()).toEqual([]);
    for (const stamp of stampsOf(project)) expect(before).not.toContainEqual(stamp);
  });

  test('unlinks links instead of following them', async () => {
    const project = newProject({
      ...TREE,
      ...PUBLISHED,
      'outside/precious.txt': 'precious',
      'root/folder-link': { link: '../outside' },
      'root/file-link.txt': { link: '../outside/precious.txt' },
      'root/dangling': { link: 'nowhere' },
    });
    expect(await collect(project, ['--clear'])).toMatchObject({ exit: 0 });
    expect(project.texts()).toEqual(sourcesOf(project));
    expect(project.texts('outside')).toEqual({ 'precious.txt': 'precious' });
  });

  test('follows a destination that is a link', async () => {
    const project = newProject({
      ...TREE,
      'real/.staticfiles-run.json': '{"run":"b7c1"}',
      'real/old.txt': 'old',
      'beside.txt': 'beside',
      root: { link: 'real' },
    });
    expect(await collect(project, ['--clear'])).toMatchObject({ exit: 0 });
    expect(fs.readlinkSync(project.path('root'))).toBe('real');
    expect(project.texts('real')).toEqual(sourcesOf(project));
    expect(fs.readFileSync(project.path('beside.txt'), 'utf8')).toBe('beside');
  });

  test('nothing is deleted without --clear', async () => {
    const project = await collected({ ...TREE, 'root/old/x.txt': 'x' });
    expect(project.texts()['old/x.txt']).toBe('x');
  });
});

describe.concurrent('links and copies', () => {
  test('a copy that replaces a link does not change the source', async () => {
    const project = await collected(TREE, ['--link']);
    expect(project.tree()['a.css']?.link).toBe('{TMP}/static/a.css');
    expect(await didOn(project)).toContain('copy a.css (link became file)');
    expect(project.tree()['a.css']).toEqual({ text: 'a {}\n', mode: '644' });
    expect(sourcesOf(project)['a.css']).toBe('a {}\n');
    expect(await didOn(project, ['--link'])).toContain('link a.css (file became link)');
  });

  test('a link with another target is replaced', async () => {
    const project = await collected(TREE, ['--link']);
    fs.rmSync(project.path('root/a.css'));
    project.write({ 'root/a.css': { link: '../static/c.txt' } });
    expect(await didOn(project, ['--link'])).toContain('link a.css (link target changed)');
    expect(project.texts()).toEqual(sourcesOf(project));
  });
});

test('a copy has the time of its source', async () => {
  const project = await collected({ 'static/a.css': { text: 'a', mtime: 1234567890.5 } });
  expect(fs.statSync(project.path('root/a.css')).mtimeMs).toBe(1234567890500);
});

describe.concurrent('modes', () => {
  const options = (permissions: object) => ({
    ...SETTINGS,
    storages: { staticfiles: { options: permissions } },
  });
  const modeOf = (project: Project, name: string) =>
    (fs.statSync(project.path(name)).mode & 0o7777).toString(8);

  test.each([
    [{}, '022', '644', '755'],
    [{}, '077', '644', '700'],
    [{ filePermissions: '640', directoryPermissions: '2750' }, '022', '640', '2750'],
    [{ filePermissions: null }, '027', '640', '750'],
  ])('%j with umask %s: files %s, folders %s', async (permissions, umask, file, folder) => {
    const project = newProject(TREE, options(permissions));
    expect(await collect(project, [], { umask })).toMatchObject({ exit: 0 });
    expect([modeOf(project, 'root/js/b.js'), modeOf(project, 'root/js')]).toEqual([file, folder]);
    expect(await run(project, 'collectstatic', ['--noinput'], { umask })).toMatchObject({
      stdout: expect.stringMatching(/: \d+ unmodified · /),
    });
  });
});
