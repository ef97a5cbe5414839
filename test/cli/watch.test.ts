import fs from 'node:fs';
import { describe, expect, test } from 'vitest';
import { collect, run } from '../support/command.js';
import { newProject, type Project, SETTINGS } from '../support/project.js';
import { type Watching, watch } from '../support/watching.js';

const FINGERPRINTED = { ...SETTINGS, staticfilesDirs: ['static', 'vendor'], postProcess: ['fingerprint'] };
const TREE = {
  'static/css/app.css': "a { background: url('../img/a.png') }",
  'static/img/a.png': 'a',
  'static/js/b.js': 'b',
  'vendor/js/b.js': 'of the vendor',
  'vendor/js/c.js': 'c',
};

const newSite = (settings: object = FINGERPRINTED) => newProject(TREE, settings);

/** Expects what a separate run publishes from the current sources. */
async function expectAsCollected(project: Project, settings: object = FINGERPRINTED): Promise<void> {
  const watched = project.texts();
  project.settings({ ...settings, staticRoot: 'again' });
  await collect(project);
  project.settings(settings);
  const again = project.texts('again');
  expect(watched['staticfiles.json']).toBe(again['staticfiles.json']);
  expect(watched).toMatchObject(again); // what no source makes any more stays, as without --watch
}

/** A change, and what is printed about it. */
const EVENTS: Readonly<Record<string, readonly [change: (project: Project) => void, said: string]>> = {
  'a file is changed': [
    (project) => project.write({ 'static/img/a.png': 'another' }),
    'img/a.png changed: 3 files published',
  ],
  'a file is changed in place of another, as editors save': [
    (project) => {
      project.write({ 'static/js/b.js~': 'saved' });
      fs.renameSync(project.path('static/js/b.js~'), project.path('static/js/b.js'));
    },
    'js/b.js changed: 2 files published',
  ],
  'a file is deleted, and written a moment later': [
    (project) => {
      fs.rmSync(project.path('static/img/a.png'));
      setTimeout(() => project.write({ 'static/img/a.png': 'saved' }), 30);
    },
    'img/a.png changed',
  ],
  'a file is added': [
    (project) => project.write({ 'static/js/new.js': 'new' }),
    'js/new.js added: 2 files published',
  ],
  'a file is deleted': [
    (project) => fs.rmSync(project.path('vendor/js/c.js')),
    'js/c.js removed: 0 files published',
  ],
  'a file that came first is deleted': [
    (project) => fs.rmSync(project.path('static/js/b.js')),
    'js/b.js found elsewhere: 2 files published',
  ],
  'a file shadows another one': [
    (project) => project.write({ 'static/js/c.js': 'first' }),
    'js/c.js found elsewhere: 2 files published',
  ],
  'a file is renamed': [
    (project) => fs.renameSync(project.path('vendor/js/c.js'), project.path('vendor/js/d.js')),
    'js/d.js added, js/c.js removed: 2 files published',
  ],
  'a folder is made': [
    (project) => project.write({ 'static/deep/er/x.js': 'x' }),
    'deep/er/x.js added: 2 files published',
  ],
  'a folder is moved': [
    (project) => fs.renameSync(project.path('vendor/js'), project.path('vendor/lib')),
    'lib/b.js added, lib/c.js added, js/c.js removed: 4 files published',
  ],
  'a folder is deleted': [
    (project) => fs.rmSync(project.path('vendor'), { recursive: true }),
    'js/c.js removed: 0 files published',
  ],
  'the destination is deleted': [
    (project) => {
      fs.rmSync(project.path('root'), { recursive: true });
      project.write({ 'static/js/b.js': 'changed' });
    },
    'js/b.js changed: 8 files published',
  ],
};

describe.concurrent('collects again when', () => {
  test.each(Object.entries(EVENTS))('%s', async (_, [change, said]) => {
    const project = newSite();
    const watching = await watch(project);
    change(project);
    expect(await watching.line('published in')).toContain(said);
    await watching.stop();
    await expectAsCollected(project);
  });

  test('a folder replaces another one, and then a file in it changes', async () => {
    const project = newSite();
    project.write({ 'static/p/a.js': 'p', 'static/q/a.js': 'q' });
    const watching = await watch(project);
    fs.renameSync(project.path('static/p'), project.path('static/r'));
    fs.renameSync(project.path('static/q'), project.path('static/p'));
    expect(await watching.line('published in')).toContain('p/a.js changed');
    // The folder is watched from a moment later on.
    const edit = setInterval(() => project.write({ 'static/p/a.js': `${Math.random()}` }), 300);
    expect(await watching.line('published in')).toContain('p/a.js changed');
    clearInterval(edit);
  });

  test('a folder in the settings appears, with its parents', async () => {
    const settings = { ...FINGERPRINTED, staticfilesDirs: ['static', 'later/on/static'] };
    const project = newSite(settings);
    const watching = await watch(project);
    project.write({ 'later/on/static/x.js': 'x' });
    expect(await watching.line('published in')).toContain('x.js added');
    fs.rmSync(project.path('later'), { recursive: true });
    expect(await watching.line('published in')).toContain('x.js removed');
    project.write({ 'later/on/static/x.js': 'x again' });
    expect(await watching.line('published in')).toContain('x.js added');
    await watching.stop();
    await expectAsCollected(project, settings);
  });

  test('a thousand files are added at once, in a few runs', async () => {
    const project = newSite();
    const watching = await watch(project);
    const names = Array.from({ length: 1000 }, (_, index) => [`static/many/${index}.txt`, `${index}`]);
    project.write(Object.fromEntries(names));
    while (!fs.existsSync(project.path('root/many/999.txt'))) await watching.line('published in');
    await watching.stop();
    expect(watching.printed().split('published in').length - 1).toBeLessThan(10);
    await expectAsCollected(project);
  });

  test('the target of a link is changed', async () => {
    const project = newSite();
    project.write({ 'elsewhere/x.js': 'x', 'static/x.js': { link: '../elsewhere/x.js' } });
    const watching = await watch(project);
    project.write({ 'elsewhere/x.js': 'changed' });
    expect(await watching.line('published in')).toContain('x.js changed: 2 files published');
  });

  test('a file with compressed variants is changed', async () => {
    const settings = { ...FINGERPRINTED, postProcess: ['fingerprint', 'compress'] };
    const project = newSite(settings);
    project.write({ 'static/big.js': 'a '.repeat(500) });
    const watching = await watch(project);
    project.write({ 'static/big.js': 'b '.repeat(500) });
    expect(await watching.line('published in')).toContain('big.js changed: 4 files published');
    await watching.stop();
    await expectAsCollected(project, settings);
  });

  test('a computed URL comes and goes, and a file that it can name comes', async () => {
    const project = newSite();
    const asking = "import('./plugins/' + name + '.js')";
    project.write({ 'static/app.js': asking, 'static/plugins/a.js': "import '../s.js'", 'static/s.js': '' });
    const watching = await watch(project);
    const changes: readonly [tree: Record<string, string>, said: string][] = [
      [{ 'static/plugins/b.js': "import '../s.js'" }, 'plugins/b.js added: 1 file published'],
      [{ 'static/app.js': 'no more' }, 'app.js changed: 6 files published'],
      [{ 'static/app.js': asking }, 'app.js changed: 3 files published'],
      [{ 'static/s.js': 's' }, 's.js changed: 4 files published'],
    ];
    for (const [tree, said] of changes) {
      project.write(tree);
      expect(await watching.line('published in')).toContain(said);
    }
    await watching.stop();
    await expectAsCollected(project);
    const { paths } = JSON.parse(project.texts()['staticfiles.json']!);
    expect([paths['plugins/a.js'], paths['plugins/b.js']]).toEqual(['plugins/a.js', 'plugins/b.js']);
  });

  test('a file is changed, with --poll', async () => {
    const project = newSite();
    const watching = await watch(project, ['--poll']);
    project.write({ 'static/js/b.js': 'changed, and longer' });
    expect(await watching.line('published in')).toContain('js/b.js changed');
  });
});

describe.concurrent('a run that fails', () => {
  async function broken(project: Project): Promise<Watching> {
    const watching = await watch(project);
    project.write({ 'static/css/app.css': "a { background: url('../img/none.png') }" });
    await watching.line("'../img/none.png' not found");
    return watching;
  }

  test('is reported, and published files stay until it is fixed', async () => {
    const project = newSite();
    const watching = await broken(project);
    expect(Object.values(project.texts()).join()).not.toContain('none.png');
    project.write({ 'static/img/none.png': 'here now' });
    expect(await watching.line('published in')).toContain('css/app.css changed, img/none.png added');
    await watching.stop();
    await expectAsCollected(project);
  });

  test('at the start is reported too', async () => {
    const project = newSite();
    project.write({ 'static/css/app.css': "a { background: url('none.png') }" });
    const watching = await watch(project);
    expect(watching.printed()).toContain("'none.png' not found");
    project.write({ 'static/css/none.png': 'here now' });
    expect(await watching.line('published in')).toContain('10 files published');
  });
});

describe.concurrent('ends', () => {
  test('with exit code 0 at Ctrl-C', async () => {
    const watching = await watch(newSite());
    expect(await watching.stop()).toMatchObject({ exit: 0, stderr: '' });
  });

  test('with a record of what it published, so the next run copies nothing', async () => {
    const project = newSite();
    const watching = await watch(project);
    project.write({ 'static/js/b.js': 'changed' });
    await watching.line('published in');
    await watching.stop();
    expect((await collect(project)).stdout).toContain(
      '4 static files: 4 unmodified, 1 skipped due to conflict · ',
    );
  });

  test('if the destination is no longer locked', async () => {
    const project = newSite();
    const watching = await watch(project);
    fs.rmSync(project.path('root/.staticfiles-lock'), { recursive: true });
    await watching.line('no longer has the lock');
    expect(await watching.ended).toMatchObject({ exit: 1 });
  });

  test('at once if the system cannot watch more folders, and says what to do', async () => {
    const project = newSite();
    const result = await run(project, 'collectstatic', ['--noinput', '--watch'], {
      fault: { fault: 'watch', code: 'ENOSPC' },
    });
    expect(result).toMatchObject({ exit: 1, stderr: expect.stringContaining('fs.inotify.max_user_watches') });
    expect(result.stderr).toContain('--poll');
  });
});

test('watching holds the destination', async () => {
  const project = newSite();
  await watch(project);
  const result = await collect(project);
  expect(result).toMatchObject({ exit: 1, stderr: expect.stringContaining('Another run') });
});

test('--json prints one document a line', async () => {
  const project = newSite();
  const watching = await watch(project, ['--json']);
  project.write({ 'static/js/b.js': 'changed' });
  const { milliseconds, ...document } = JSON.parse(await watching.line('"changes"'));
  expect(milliseconds).toBeGreaterThan(0);
  expect(document).toMatchObject({
    command: 'collectstatic',
    changes: { 'js/b.js': 'changed' },
    counts: { copied: 1, postProcessed: 1 },
    warnings: [],
  });
  expect(document.files).toHaveLength(4); // with manifest and details
  project.write({ 'static/css/app.css': "a { background: url('none.png') }" });
  expect(JSON.parse(await watching.line('"error"'))).toMatchObject({ error: { code: 'source' } });
  const { stdout } = await watching.stop();
  for (const line of stdout.trim().split('\n')) JSON.parse(line);
});

test.each([['--dry-run'], ['--clear'], ['--references=x.json']])(
  '%s cannot be combined with --watch',
  async (flag) => {
    const result = await run(newSite(), 'collectstatic', ['--noinput', '--watch', flag]);
    expect(result).toMatchObject({ exit: 2, stderr: expect.stringContaining('--watch') });
  },
);

test('--poll requires --watch', async () => {
  const result = await run(newSite(), 'collectstatic', ['--noinput', '--poll']);
  expect(result).toMatchObject({ exit: 2, stderr: expect.stringContaining('--watch') });
});
