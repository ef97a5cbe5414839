// Who runs: each contestant has a name, a command, and what to do before it.
import fs from 'node:fs';
import path from 'node:path';
import { fromTests } from './from-tests.js';

const { npmPackages, npmProgram } = await fromTests('servers/start/install.ts');
const { debianProgram, pythonWithDjango } = await fromTests('system/install.ts');

const BIN = path.resolve(import.meta.dirname, '../bin/collectstatic.js');
const bareLoop = path.join(import.meta.dirname, 'bare-loop.js');

/** The settings of this package for fingerprints. */
export const FINGERPRINTS = { postProcess: ['fingerprint'] };
const COMPRESSED = { postProcess: ['fingerprint', 'compress'] };

const MANIFEST_STORAGE = [
  "STORAGES = {'staticfiles': {",
  "    'BACKEND': 'django.contrib.staticfiles.storage.ManifestStaticFilesStorage'}}",
];

/** What a start costs: an empty module, this package without work, and with one file. */
export function starting(work, { name, program, bin = BIN }) {
  const one = path.join(work, 'one');
  fs.mkdirSync(path.join(one, 'static'), { recursive: true });
  fs.writeFileSync(path.join(one, 'static/a.svg'), '<svg/>');
  const empty = path.join(work, 'empty.mjs');
  fs.writeFileSync(empty, '');
  const [first, unchanged] = ours(work, { dir: one }, {}, { name, program, bin });
  return [
    { name: `empty module, ${name}`, command: [program, empty] },
    { name: `--version, ${name}`, command: [program, bin, '--version'] },
    { name: `--help, ${name}`, command: [program, bin, '--help'] },
    { ...first, name: `one file, ${name}` },
    { ...unchanged, name: `one file, unchanged, ${name}` },
  ];
}

/** Copying: other tools, the bare loop, and this package, in turns of runs that belong together. */
export function copying(work, site, runtimes) {
  const cpyCli = npmProgram('cpy-cli', '7.0.0', 'cli.js');
  return [
    [cp(work, site)],
    [copies('rsync -a', work, (out) => [debianProgram('rsync'), '-a', `${site.source}/`, out])],
    [{ ...copies('cpy-cli', work, (out) => [process.execPath, cpyCli, '**', out]), cwd: site.source }],
    [vite(work, site)],
    django(work, site),
    ...runtimes.map((runtime) => [
      bareCopy(work, site, runtime, 'copy'),
      bareStat(site, runtime, 2),
      ...ours(work, site, {}, runtime),
    ]),
  ];
}

/** The same with fingerprints, a manifest, and references that follow. */
export function fingerprinting(work, site, runtimes) {
  return [
    [cp(work, site)],
    django(work, site, MANIFEST_STORAGE),
    ...runtimes.map((runtime) => [
      bareCopy(work, site, runtime, 'fingerprint'),
      bareStat(site, runtime, 3),
      ...ours(work, site, FINGERPRINTS, runtime),
    ]),
  ];
}

/** The same with compressed variants, from a warm cache, and from one that another machine has kept. */
export function compressing(work, site, runtimes) {
  return [
    [cp(work, site)],
    ...runtimes.map((runtime) => {
      const [first, unchanged] = ours(work, site, COMPRESSED, runtime);
      return [
        { ...first, name: `warm cache, ${runtime.name}`, before: () => remove(first.out) },
        { ...first, name: `restored cache, ${runtime.name}`, before: () => restoreCache(first) },
        { ...unchanged, name: `unchanged, ${runtime.name}` },
      ];
    }),
  ];
}

/**
 * collectstatic of this package over a project: a first run, and one with nothing to do.
 *
 * @param runtime its `name`, for the rows of a table; its `program`; and the command's `bin`, if it is not this package's
 */
export function ours(work, site, more = {}, runtime = { name: '', program: process.execPath }) {
  const { program, bin = BIN } = runtime;
  const of = runtime.name && `, ${runtime.name}`;
  const key = [...JSON.stringify(more), runtime.name].join('').replaceAll(/\W+/g, '-');
  const [out, cache] = ['out', 'cache'].map((name) => path.join(work, `${name}${key}`));
  const settings = { staticRoot: out, staticfilesDirs: ['static'], cacheDir: cache, ...more };
  const file = path.join(site.dir, `settings${key}.json`);
  fs.writeFileSync(file, JSON.stringify(settings));
  const run = { out, cache, command: [program, bin, '--noinput', '--settings', file], cwd: site.dir };
  return [
    { ...run, name: `staticfiles, first run${of}`, before: () => remove(out, cache) },
    { ...run, name: `staticfiles, unchanged${of}` },
  ];
}

/** Leaves of a run's cache what CI keeps, with new times, as another machine gets it. */
export function restoreCache({ out, cache }) {
  const restored = `${cache}-restored`;
  remove(out, restored);
  fs.cpSync(path.join(cache, 'compressed'), restored, { recursive: true });
  remove(cache);
  fs.mkdirSync(cache);
  fs.renameSync(restored, path.join(cache, 'compressed'));
}

/** Removes folders, where they are. */
export function remove(...folders) {
  for (const folder of folders) fs.rmSync(folder, { recursive: true, force: true });
}

/** The yardstick. */
function cp(work, site) {
  return copies('cp -r', work, (out) => ['cp', '-r', site.source, out]);
}

function copies(name, work, commandFor) {
  const out = path.join(work, 'out');
  return { name, before: () => remove(out), command: commandFor(out) };
}

function bareCopy(work, site, { name, program }, how) {
  return copies(`bare loop, ${name}`, work, (out) => [program, bareLoop, how, site.source, out]);
}

/** Reads the stamps of as many folders as an unchanged run must: the sources, and what is published of them. */
function bareStat(site, { name, program }, folders) {
  return {
    name: `bare stat loop, ${name}`,
    command: [program, bareLoop, 'stat', ...Array.from({ length: folders }, () => site.source)],
  };
}

/** A build of nothing but its `public` folder. */
function vite(work, site) {
  const project = path.join(work, 'vite');
  fs.mkdirSync(project);
  fs.writeFileSync(path.join(project, 'index.html'), '<!doctype html><title>Bench</title>');
  const build = { publicDir: site.source, logLevel: 'error', build: { outDir: path.join(work, 'out') } };
  fs.writeFileSync(path.join(project, 'vite.config.mjs'), `export default ${JSON.stringify(build)};`);
  const program = path.join(npmPackages({ vite: '8.4.0' }), 'vite/bin/vite.js');
  return { ...copies('vite build', work, () => [process.execPath, program, 'build']), cwd: project };
}

/** Django's collectstatic. */
function django(work, site, more = []) {
  const python = pythonWithDjango();
  const out = path.join(work, 'out-django');
  const module = `bench_settings_${more.length}`;
  fs.writeFileSync(
    path.join(work, `${module}.py`),
    [
      "INSTALLED_APPS = ['django.contrib.staticfiles']",
      `STATICFILES_DIRS = [${JSON.stringify(site.source)}]`,
      `STATIC_ROOT = ${JSON.stringify(out)}`,
      "STATIC_URL = '/static/'",
      ...more,
    ].join('\n'),
  );
  const run = {
    command: [python, '-m', 'django', 'collectstatic', '--noinput', '--settings', module],
    env: { PYTHONPATH: work },
  };
  return [
    { ...run, name: 'Django, first run', before: () => remove(out) },
    { ...run, name: 'Django, unchanged' },
  ];
}
