import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { newProject, type Project, SETTINGS } from '../support/project.js';

const TOP = path.resolve(import.meta.dirname, '../..');

/** Runs a built program, and returns the files of the package that it loaded, in its threads too. */
function loadedBy(project: Project, program: string, ...argv: string[]): string[] {
  const coverage = project.path('coverage');
  const { status, stderr } = spawnSync(process.execPath, [path.join(TOP, `bin/${program}.js`), ...argv], {
    cwd: project.dir,
    encoding: 'utf8',
    // Node writes the list of all scripts there (https://nodejs.org/api/cli.html#node_v8_coveragedir).
    env: { ...process.env, NODE_V8_COVERAGE: coverage },
  });
  expect({ status, stderr: status === 0 ? '' : stderr }).toEqual({ status: 0, stderr: '' });
  const scripts = fs
    .readdirSync(coverage)
    .flatMap((name) => JSON.parse(fs.readFileSync(path.join(coverage, name), 'utf8')).result)
    .map(({ url }: { url: string }) => url);
  const ours = `${pathToFileURL(TOP).href}/`;
  return [
    ...new Set(scripts.filter((url) => url.startsWith(ours)).map((url) => url.slice(ours.length))),
  ].sort();
}

function oneFile(settings: object = {}): Project {
  return newProject({ 'static/app.css': 'a { color: red }' }, { ...SETTINGS, ...settings });
}

describe('a program loads only what it needs', () => {
  it('--version loads nothing of dist/', () => {
    expect(loadedBy(oneFile(), 'staticfiles', '--version')).toEqual(['bin/start.js', 'bin/staticfiles.js']);
  });

  it('--help loads no code of a run', () => {
    expect(loadedBy(oneFile(), 'staticfiles', '--help')).toEqual([
      'bin/start.js',
      'bin/staticfiles.js',
      'dist/chunks/base.js',
      'dist/chunks/rolldown-runtime.js',
      'dist/cli/main.js',
    ]);
  });

  it('a plain run of one file opens six files, none of them a scanner or a dependency', () => {
    expect(loadedBy(oneFile(), 'collectstatic', '--noinput')).toEqual([
      'bin/collectstatic.js',
      'bin/start.js',
      'dist/chunks/base.js',
      'dist/chunks/collect.js',
      'dist/chunks/rolldown-runtime.js',
      'dist/cli/main.js',
    ]);
  });

  it('a run with fingerprints and no script loads the scanner of style sheets alone', () => {
    const loaded = loadedBy(oneFile({ postProcess: ['fingerprint'] }), 'collectstatic', '--noinput');
    expect(loaded).toContain('dist/chunks/fingerprint.js');
    expect(loaded.filter((file) => /scripts|markup|services|serving|commands/.test(file))).toEqual([]);
  });
});

it('the program knows a StaticFilesError that a plug-in throws: both have the same class', () => {
  const tree = {
    'static/app.css': '',
    'finder.mjs': `
      import { StaticFilesError } from 'staticfiles';
      export default () => { throw new StaticFilesError('settings', 'The finder needs a key.'); };`,
  };
  const project = newProject(tree, { ...SETTINGS, staticfilesFinders: ['./finder.mjs'] });
  fs.mkdirSync(project.path('node_modules'));
  fs.symlinkSync(TOP, project.path('node_modules/staticfiles'));
  const argv = [path.join(TOP, 'bin/collectstatic.js'), '--noinput'];
  const { status, stderr } = spawnSync(process.execPath, argv, { cwd: project.dir, encoding: 'utf8' });
  expect({ status, stderr }).toEqual({ status: 1, stderr: 'The finder needs a key.\n' });
});

it.skipIf(!('enableCompileCache' in (process.getBuiltinModule('node:module') as object)))(
  'compiled code is kept in the folder of NODE_COMPILE_CACHE, and not if NODE_DISABLE_COMPILE_CACHE is set',
  () => {
    const project = oneFile();
    const run = (env: Record<string, string>) =>
      spawnSync(process.execPath, [path.join(TOP, 'bin/collectstatic.js'), '--help'], {
        env: { ...process.env, NODE_COMPILE_CACHE: project.path('compiled'), ...env },
      }).status;
    expect(run({ NODE_DISABLE_COMPILE_CACHE: '1' })).toBe(0);
    expect(fs.existsSync(project.path('compiled'))).toBe(false);
    expect(run({})).toBe(0);
    expect(fs.readdirSync(project.path('compiled'))).toHaveLength(1);
  },
);

it('a compile cache that cannot be written fails no run', () => {
  const project = newProject({ file: '' });
  const { status, stderr } = spawnSync(process.execPath, [path.join(TOP, 'bin/collectstatic.js'), '--help'], {
    encoding: 'utf8',
    env: { ...process.env, NODE_COMPILE_CACHE: project.path('file/below') },
  });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
});
