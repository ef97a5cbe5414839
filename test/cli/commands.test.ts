import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { type CommandName, collect, finished, run, start } from '../support/command.js';
import { reportOf } from '../support/plan.js';
import { newProject, SETTINGS } from '../support/project.js';

const TREE = { 'static/a.css': 'a {}\n', 'static/b.css': 'b {}\n' };

describe.concurrent('exit codes', () => {
  const cases: [CommandName, string[], number, 'stdout' | 'stderr', string][] = [
    ['collectstatic', ['--noinput'], 0, 'stdout', '2 static files: 2 copied'],
    ['collectstatic', ['--no-input'], 0, 'stdout', '2 static files: 2 copied'],
    ['collectstatic', ['--noinput', '--nonsense'], 2, 'stderr', "unknown option '--nonsense'"],
    ['collectstatic', ['--noinput', 'stray'], 2, 'stderr', 'argument'],
    ['collectstatic', ['--noinput', '-v', '4'], 2, 'stderr', '0, 1, 2, 3'],
    ['collectstatic', ['--noinput', '--settings', 'none.json'], 1, 'stderr', 'none.json'],
    ['collectstatic', ['--help'], 0, 'stdout', '--no-default-ignore'],
    ['collectstatic', ['--version'], 0, 'stdout', '.'],
    ['findstatic', ['a.css'], 0, 'stdout', '{TMP}/static/a.css'],
    ['findstatic', ['none.css'], 1, 'stderr', "No matching file found for 'none.css'."],
    ['findstatic', ['a.css', 'none.css'], 1, 'stdout', '{TMP}/static/a.css'],
    ['findstatic', [], 2, 'stderr', 'missing required argument'],
    ['staticfiles', ['collectstatic', '--noinput'], 0, 'stdout', '2 static files: 2 copied'],
    ['staticfiles', ['findstatic', 'a.css'], 0, 'stdout', '{TMP}/static/a.css'],
    ['staticfiles', ['nonsense'], 2, 'stderr', "'nonsense'"],
    ['staticfiles', ['--help'], 0, 'stdout', 'findstatic'],
  ];
  test.each(cases)('%s %j: %i', async (name, argv, exit, stream, words) => {
    const result = await run(newProject(TREE), name, argv);
    expect(result).toMatchObject({ exit, [stream]: expect.stringContaining(words) });
    if (exit === 0) expect(result.stderr).toBe('');
  });
});

test('a current folder that was deleted is an error', async () => {
  const project = newProject(TREE);
  const script = 'mkdir gone && cd gone && rmdir ../gone && exec "$0" "$@"';
  const argv = ['-c', script, process.execPath, path.resolve('bin/collectstatic.js'), '--noinput'];
  await expect(promisify(execFile)('sh', argv, { cwd: project.dir })).rejects.toMatchObject({
    code: 1,
    stderr: 'The current folder does not exist any more.\n',
  });
});

describe.concurrent('without a terminal', () => {
  test('an empty destination needs no confirmation', async () => {
    expect(await run(newProject(TREE), 'collectstatic', [])).toMatchObject({ exit: 0, stderr: '' });
  });

  test.each([[[]], [['--clear']], [['--link']]])(
    'a destination with files requires --noinput %j',
    async (argv) => {
      const project = newProject({ ...TREE, 'root/mine.txt': 'mine' });
      const result = await run(project, 'collectstatic', argv);
      expect(result).toMatchObject({ exit: 1, stdout: '', stderr: expect.stringContaining('--noinput') });
      expect(result.stderr).toContain("'{TMP}/root'");
      expect(project.texts()).toEqual({ 'mine.txt': 'mine' });
    },
  );
});

describe.concurrent('output', () => {
  test.each([['-v', '0'], ['-q'], ['-v', '3', '-q']])('%s prints nothing', async (...argv) => {
    expect(await collect(newProject(TREE), argv)).toMatchObject({ exit: 0, stdout: '', stderr: '' });
  });

  test('-v 2 prints a line for each file, and the winner of each conflict', async () => {
    const project = newProject({ ...TREE, 'other/a.css': 'other\n', 'other/b.css': 'b {}\n' });
    project.settings({ ...SETTINGS, staticfilesDirs: ['static', 'other'] });
    const { stdout } = await collect(project, ['-v', '2']);
    expect(stdout).toContain("Copying '{TMP}/static/a.css'\n");
    for (const name of ['a', 'b']) {
      const line = stdout.split('\n').find((each) => each.includes(`'${name}.css'`));
      expect(line).toContain(`{TMP}/static/${name}.css`);
      expect(line).toContain(`{TMP}/other/${name}.css`);
      expect(line).toContain(name === 'a' ? 'differ' : 'same');
    }
    expect((await collect(project, ['-v', '2'])).stdout).toContain("Skipping 'a.css' (not modified)\n");
    expect((await collect(project)).stdout).toContain('2 unmodified, 2 skipped due to conflict · ');
  });

  test('--json prints one document with counts, files, conflicts, warnings and times', async () => {
    const project = newProject({ ...TREE, 'other/a.css': 'other\n' });
    project.settings({ ...SETTINGS, staticfilesDirs: ['static', 'other', 'nowhere'] });
    const report = reportOf(await collect(project, ['--json', '-v', '3']));
    expect(report).toMatchObject({
      dryRun: false,
      counts: {
        files: 2,
        copied: 2,
        linked: 0,
        unmodified: 0,
        postProcessed: 0,
        deleted: 0,
        reheadered: 0,
        conflicts: 1,
      },
      published: { files: 2, size: 10, variants: {} },
      files: [
        { action: 'copy', path: 'a.css', reason: 'new' },
        { action: 'copy', path: 'b.css', reason: 'new' },
      ],
      conflicts: [{ path: 'a.css', sameBytes: false }],
      warnings: [{ code: 'W004', message: expect.stringContaining('{TMP}/nowhere') }],
    });
    expect(Object.keys(report.milliseconds).sort()).toEqual(['find', 'plan', 'post-process', 'publish']);
  });

  test.each([{ FORCE_COLOR: '1' }, { NO_COLOR: '1', FORCE_COLOR: '1' }, {}])(
    'colours depend on %j',
    async (env) => {
      const { stderr } = await run(newProject(TREE), 'collectstatic', ['--settings', 'none.json'], { env });
      expect(stderr.includes('\u001b[')).toBe('FORCE_COLOR' in env && !('NO_COLOR' in env));
    },
  );

  test('a closed pipe is not an error', async () => {
    const many = Object.fromEntries(Array.from({ length: 3000 }, (_, i) => [`static/${i}.txt`, `${i}`]));
    const project = newProject(many);
    const child = start(project, 'collectstatic', ['--noinput', '-v', '2']);
    const result = finished(project, child);
    child.stdout.destroy();
    expect(await result).toMatchObject({ stderr: '', signal: null, exit: expect.any(Number) });
  });
});

describe.concurrent('settings from outside the file', () => {
  test.each([
    [['--static-root', 'flag'], {}, 'sub/flag'],
    [[], { STATIC_ROOT: 'env' }, 'sub/env'],
    [['--static-root', 'flag'], { STATIC_ROOT: 'env' }, 'sub/flag'],
    [[], {}, 'root'],
  ])('%j and %j publish to %s, resolved from the current folder', async (argv, env, expected) => {
    const project = newProject({ ...TREE, 'sub/x': 'x' });
    expect(await collect(project, argv, { env: env as Record<string, string>, cwd: 'sub' })).toMatchObject({
      exit: 0,
    });
    expect(Object.keys(project.texts(expected))).toEqual(['a.css', 'b.css']);
  });
});
