import fs from 'node:fs';
import { describe, expect, test } from 'vitest';
import { collect, finished, type RunOptions, run, start } from '../support/command.js';
import type { Project } from '../support/project.js';
import { dated, newSite, ownFiles, style, stylePath } from '../support/releases.js';

function collectRelease(project: Project, id: string, colour: string, argv: readonly string[] = []) {
  project.write({ 'static/app.css': style(colour) });
  return collect(project, ['--release', id, ...argv]);
}

/** Returns a project with `v1` in red and `v2` in green, published a day later. */
async function twoReleases(): Promise<Project> {
  const project = newSite();
  expect(await collectRelease(project, 'v1', 'red')).toMatchObject({ exit: 0, stderr: '' });
  expect(await collectRelease(project, 'v2', 'green')).toMatchObject({ exit: 0, stderr: '' });
  dated(project, 'v1', 24);
  return project;
}

function staticfiles(project: Project, argv: readonly string[], options?: RunOptions) {
  return run(project, 'staticfiles', argv, options);
}

async function json(project: Project, argv: readonly string[]) {
  const { stdout, ...result } = await staticfiles(project, [...argv, '--json']);
  expect(result).toMatchObject({ exit: 0, stderr: '' });
  expect(stdout.match(/\n/g)).toHaveLength(1);
  return JSON.parse(stdout);
}

/** Public paths in manifests whose files are missing. */
function broken(project: Project): string[] {
  const manifests = Object.keys(project.tree()).filter((name) => /(^|\/)staticfiles\.json$/.test(name));
  return manifests.flatMap((name) => {
    const { paths } = JSON.parse(fs.readFileSync(project.path('root', name), 'utf8'));
    return Object.values<string>(paths).filter((path) => !fs.existsSync(project.path('root', path)));
  });
}

/** Replaces times and sizes by placeholders. */
function plain(output: string): string {
  return output
    .replace(/\d{4}-\d\d-\d\d \d\d:\d\d UTC/g, 'TIME')
    .replace(/\d[\d.]* k?B/g, 'SIZE')
    .replace(/\.[0-9a-f]{12}\./g, '.HASH.');
}

describe.concurrent('collectstatic --release', () => {
  test('detects the commit of CI with auto, and fails if there is none', async () => {
    const project = newSite({ release: { id: 'auto' } });
    const none = await collect(project);
    expect(none).toMatchObject({ exit: 1, stderr: expect.stringContaining('(staticfiles.E021)') });
    expect(project.tree()).toEqual({});
    expect(await collect(project, [], { env: { GITHUB_SHA: 'abc' } })).toMatchObject({ exit: 0 });
    expect(Object.keys(project.tree())).toContain('abc/staticfiles.json');
    const found = await run(project, 'findstatic', ['-v', '0', 'logo.svg']);
    expect(found).toMatchObject({ exit: 0, stdout: '{TMP}/static/logo.svg\n', stderr: '' });
  });

  test('shows in a dry run what would be written, in the order of the run', async () => {
    const project = newSite();
    const { stdout } = await collect(project, ['--release', 'v1', '--dry-run']);
    expect(stdout.split('\n').slice(-8, -3)).toEqual([
      "Would write 'v1/release.json'",
      "Would write 'v1/staticfiles.details.json'",
      "Would write 'v1/staticfiles.json'",
      "Would write 'staticfiles.details.json'",
      "Would write 'staticfiles.json'",
    ]);
    expect(project.tree()).toEqual({});
  });

  test('--prune deletes after publishing, and shows what', async () => {
    const project = await twoReleases();
    const result = await collectRelease(project, 'v3', 'black', ['--prune', '--keep', '2']);
    expect(result).toMatchObject({ exit: 0, stderr: '' });
    expect(plain(result.stdout)).toContain(
      "About to delete 'app.HASH.css' (SIZE; release 'v1' is pruned)\n" +
        "About to delete 'app.HASH.css.br' (SIZE; release 'v1' is pruned)\n",
    );
    expect(plain(result.stdout)).toMatch(/\n1 release and 3 files \(SIZE\) deleted\.\n$/);
    const report = await collectRelease(project, 'v4', 'white', ['--prune', '--keep', '1', '--json']);
    const { pruned } = JSON.parse(report.stdout);
    expect(pruned.releases.map((each: { id: string; fate: string }) => `${each.id} ${each.fate}`)).toEqual([
      'v4 kept',
      'v3 pruned',
      'v2 pruned',
    ]);
    expect(pruned.deleted.files).toBe(6);
    expect(broken(project)).toEqual([]);
  });

  test.each([
    ['--keep', '1'],
    ['--older-than', '7d'],
    ['--max-delete', '1'],
    ['--prune', '--older-than', '7'],
    ['--prune', '--keep', '-1'],
    ['--prune', '--clear'],
    ['--prune', '--watch'],
  ])('refuses %s %s', async (...argv) => {
    expect(await collect(newSite(), argv)).toMatchObject({ exit: 2, stdout: '' });
  });
});

describe.concurrent('staticfiles releases', () => {
  test('lists, shows and compares them', async () => {
    const project = await twoReleases();
    const list = await staticfiles(project, ['releases']);
    expect(plain(list.stdout)).toBe(
      'v2 (active): published TIME, 7 files (SIZE), 3 files (SIZE) that only it uses\n' +
        'v1: published TIME, 7 files (SIZE), 3 files (SIZE) that only it uses\n',
    );
    expect(await staticfiles(project, ['releases', 'list'])).toEqual(list);
    const shown = await staticfiles(project, ['releases', 'show', 'v1']);
    expect(plain(shown.stdout)).toBe(
      'v1: published TIME, 7 files (SIZE), 3 files (SIZE) that only it uses\n' +
        '  app.HASH.css (SIZE)\n  app.HASH.css.br (SIZE)\n  app.HASH.css.gz (SIZE)\n',
    );
    const all = await staticfiles(project, ['releases', 'show', 'v1', '-v', '2']);
    expect(plain(all.stdout)).toContain('  app.HASH.css.gz (SIZE, only here)\n  app.css (SIZE)\n');
    const compared = await staticfiles(project, ['releases', 'diff', 'v1', 'v2']);
    expect(plain(compared.stdout)).toBe(
      '~ app.css (app.HASH.css became app.HASH.css)\n1 file differs, 2 the same.\n',
    );
  });

  test('prints JSON', async () => {
    const project = await twoReleases();
    const list = await json(project, ['releases']);
    expect(list).toMatchObject({ command: 'releases', action: 'list', active: 'v2', warnings: [] });
    expect(list.releases.map((each: { id: string }) => each.id)).toEqual(['v2', 'v1']);
    expect(list.releases[1]).toEqual({
      id: 'v1',
      published: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      active: false,
      files: 7,
      size: expect.any(Number),
      only: { files: 3, size: expect.any(Number) },
    });
    const shown = await json(project, ['releases', 'show', 'v1']);
    expect(shown).toMatchObject({ action: 'show', release: list.releases[1] });
    expect(shown.contents[0]).toEqual({
      path: stylePath(project, 'v1'),
      size: expect.any(Number),
      only: true,
    });
    const [from, to] = [stylePath(project, 'v1'), stylePath(project, 'v2')];
    expect(await json(project, ['releases', 'diff', 'v1', 'v2'])).toEqual({
      ...{ command: 'releases', action: 'diff', from: 'v1', to: 'v2', same: 2 },
      changes: [{ path: 'app.css', change: 'changed', from, to }],
      warnings: [],
    });
    const activated = await json(project, ['releases', 'activate', 'v1']);
    expect(activated).toMatchObject({
      action: 'activate',
      id: 'v1',
      previous: 'v2',
      otherBytes: ['app.css'],
    });
    expect(await json(project, ['releases', 'remove', 'v2'])).toMatchObject({
      action: 'remove',
      id: 'v2',
      only: { files: 3 },
    });
  });

  test('rolls back, and removes', async () => {
    const project = await twoReleases();
    const removed = await staticfiles(project, ['releases', 'remove', 'v2']);
    expect(removed).toMatchObject({ exit: 1, stderr: expect.stringContaining("Release 'v2' is active") });
    const activated = await staticfiles(project, ['releases', 'activate', 'v1']);
    expect(activated).toMatchObject({ exit: 0, stderr: '' });
    expect(activated.stdout).toBe(
      "Release 'v1' is now active, instead of 'v2'.\n" +
        "Files with the same name in all releases still have the bytes of another one: 'app.css'. " +
        'Collect the release again to restore them.\n',
    );
    expect(stylePath(project)).toBe(stylePath(project, 'v1'));
    expect(plain((await staticfiles(project, ['releases', 'remove', 'v2'])).stdout)).toBe(
      "Removed the manifest of release 'v2'. 3 files (SIZE) that only it used stay until you run 'staticfiles prune'.\n",
    );
    expect(await staticfiles(project, ['releases', '-q'])).toMatchObject({ exit: 0, stdout: '' });
  });

  test('reports that there are no releases, or not this one', async () => {
    const project = newSite();
    expect(await staticfiles(project, ['releases'])).toMatchObject({
      exit: 0,
      stdout: 'There are no releases.\n',
    });
    const shown = await staticfiles(project, ['releases', 'show', 'v1', '--json']);
    expect(shown).toMatchObject({ exit: 1, stderr: '' });
    expect(JSON.parse(shown.stdout)).toMatchObject({ command: 'releases', error: { code: 'target' } });
  });

  test.each([['show'], ['diff', 'v1'], ['activate'], ['remove'], ['list', 'v1'], ['show', 'v1', 'v2']])(
    'refuses %s %s',
    async (...argv) => {
      expect(await staticfiles(newSite(), ['releases', ...argv])).toMatchObject({ exit: 2, stdout: '' });
    },
  );
});

describe.concurrent('staticfiles prune', () => {
  test('shows in a dry run what would be deleted and why, and then deletes it', async () => {
    const project = await twoReleases();
    const before = project.tree();
    const dry = await staticfiles(project, ['prune', '--dry-run', '--keep', '1']);
    expect(plain(dry.stdout)).toBe(
      "Keeping release 'v2', published TIME (it is active)\n" +
        "Would prune release 'v1', published TIME (it is old enough, and not among the newest)\n" +
        "Would delete 'app.HASH.css' (SIZE; release 'v1' is pruned)\n" +
        "Would delete 'app.HASH.css.br' (SIZE; release 'v1' is pruned)\n" +
        "Would delete 'app.HASH.css.gz' (SIZE; release 'v1' is pruned)\n" +
        '\n1 release and 3 files (SIZE) would be deleted.\n',
    );
    expect(project.tree()).toEqual(before);
    const real = await staticfiles(project, ['prune', '--noinput', '--keep', '1']);
    expect(real).toMatchObject({ exit: 0, stderr: '' });
    expect(real.stdout).toBe(
      dry.stdout.replaceAll('Would', 'About to').replace('would be deleted', 'deleted'),
    );
    expect(Object.keys(project.tree()).filter((name) => name.startsWith('v1/'))).toEqual([]);
  });

  test('prints JSON', async () => {
    const project = await twoReleases();
    const own = ownFiles(project, 'v1');
    const report = await json(project, ['prune', '--noinput', '--keep', '1']);
    expect(report).toEqual({
      ...{ command: 'prune', dryRun: false, folder: '{TMP}/root', displayUrl: null },
      deleted: { files: 3, size: expect.any(Number) },
      tooMany: false,
      quietUntil: null,
      releases: [
        { id: 'v2', published: expect.any(String), fate: 'kept', reason: 'active' },
        { id: 'v1', published: expect.any(String), fate: 'pruned', reason: 'old' },
      ],
      files: own.map((path) => ({ path, size: expect.any(Number), reason: "release 'v1' is pruned" })),
      spared: [],
      warnings: [],
    });
  });

  test('asks, and deletes nothing without a terminal', async () => {
    const project = await twoReleases();
    const before = project.tree();
    const result = await staticfiles(project, ['prune', '--keep', '1']);
    expect(result).toMatchObject({ exit: 1, stdout: expect.stringContaining('About to delete') });
    expect(plain(result.stderr)).toBe(
      '1 release and 3 files (SIZE) would be deleted, and there is no terminal to ask on. ' +
        'Nothing was changed. Add --noinput to go on without being asked.\n',
    );
    expect(project.tree()).toEqual(before);
    expect(await staticfiles(project, ['prune', '--keep', '2'])).toMatchObject({ exit: 0, stderr: '' });
  });

  test('deletes nothing if --max-delete is exceeded', async () => {
    const project = await twoReleases();
    const argv = ['prune', '--noinput', '--keep', '1', '--max-delete', '2'];
    expect(await staticfiles(project, argv)).toMatchObject({
      exit: 1,
      stderr:
        'Pruning would delete 3 files, more than --max-delete allows (2). Nothing was changed. ' +
        'Check the files with --dry-run, then use --max-delete 3.\n',
    });
    expect(broken(project)).toEqual([]);
    expect((await staticfiles(project, [...argv, '--dry-run'])).stdout).toContain(
      'more than --max-delete allows',
    );
  });

  test.each([['--keep', 'many'], ['--older-than', '1y'], ['--max-delete', '1.5'], ['v1']])(
    'refuses %s %s',
    async (...argv) => {
      expect(await staticfiles(newSite(), ['prune', ...argv])).toMatchObject({ exit: 2, stdout: '' });
    },
  );

  test('waits for other runs, and they wait for it', async () => {
    const project = await twoReleases();
    project.write({ 'static/app.css': style('black') });
    const children = [
      start(project, 'collectstatic', ['--noinput', '--release', 'v3']),
      start(project, 'staticfiles', ['prune', '--noinput', '--keep', '1']),
      start(project, 'collectstatic', ['--noinput', '--release', 'v4', '--prune', '--keep', '2']),
      start(project, 'staticfiles', ['prune', '--noinput', '--keep', '1']),
    ];
    const results = await Promise.all(children.map((child) => finished(project, child)));
    expect(results.map(({ exit, stderr }) => [exit, stderr])).toEqual(Array(4).fill([0, '']));
    expect(broken(project)).toEqual([]);
  });

  test('leaves no manifest that names a deleted file, wherever it fails, and continues the next time', async () => {
    const twin = await twoReleases();
    await staticfiles(twin, ['prune', '--noinput', '--keep', '1']);
    for (let after = 0, failed = true; failed; after += 1) {
      const project = await twoReleases();
      const fault = { fault: 'fail', at: project.path('root'), after, code: 'EIO' } as const;
      const { exit } = await staticfiles(project, ['prune', '--noinput', '--keep', '1'], { fault });
      failed = exit !== 0;
      expect(broken(project)).toEqual([]);
      expect(await staticfiles(project, ['prune', '--noinput', '--keep', '1'])).toMatchObject({ exit: 0 });
      expect(Object.keys(project.tree())).toEqual(Object.keys(twin.tree()));
      if (failed) expect(after).toBeLessThan(20);
      else expect(after).toBeGreaterThan(5);
    }
  });
});

describe.concurrent('plan files', () => {
  test('are written by collectstatic --plan-out, and published by staticfiles apply', async () => {
    const project = await twoReleases();
    project.write({ 'static/app.css': style('black') });
    const before = project.tree();
    const planned = await collect(project, ['--release', 'v3', '--plan-out', 'plan.json']);
    expect(planned).toMatchObject({ exit: 0, stderr: '' });
    expect(planned.stdout).toContain("Would copy '{TMP}/static/app.css'\n");
    expect(planned.stdout).toContain("\nThe plan is in 'plan.json'. Apply it with 'staticfiles apply'.\n");
    expect(project.tree()).toEqual(before);
    const dry = await staticfiles(project, ['apply', 'plan.json', '--dry-run']);
    const withoutTime = (text: string) => text.replace(/ in \d+\.\d s$/m, '');
    expect(withoutTime(planned.stdout)).toContain(withoutTime(dry.stdout));
    const applied = await staticfiles(project, ['apply', 'plan.json', '--json']);
    expect(JSON.parse(applied.stdout)).toMatchObject({
      ...{ command: 'apply', dryRun: false, counts: { copied: 1, postProcessed: 3 } },
    });
    expect(stylePath(project)).toBe(stylePath(project, 'v3'));
    expect(broken(project)).toEqual([]);
  });

  test('are refused with the names of files that have changed since', async () => {
    const project = await twoReleases();
    project.write({ 'static/app.css': style('black') });
    await collect(project, ['--release', 'v3', '--plan-out', 'plan.json', '-q']);
    project.write({ 'static/robots.txt': 'changed', 'root/app.css': 'changed too' });
    const before = project.tree();
    expect(await staticfiles(project, ['apply', 'plan.json'])).toMatchObject({
      exit: 1,
      stderr:
        'plan.json is out of date: 2 files have changed since. Nothing was published. Create a new plan with --plan-out.\n' +
        '  app.css: the file at the destination has changed\n' +
        "  robots.txt: what would be published has changed (from 'static/robots.txt')\n",
    });
    expect(project.tree()).toEqual(before);
  });

  test.each([[['apply', 'none.json']], [['apply', 'staticfiles.config.json']], [['apply']]])(
    'are not %j',
    async (argv) => {
      expect(await staticfiles(newSite(), argv)).toMatchObject({ exit: 2, stdout: '' });
    },
  );

  test('cannot be combined with other options', async () => {
    for (const more of [['--watch'], ['--prune']])
      expect(await collect(newSite(), ['--plan-out', 'plan.json', ...more])).toMatchObject({ exit: 2 });
  });
});
