// Who runs: each has a name, a command, and what to do before it.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';

const bin = path.resolve(import.meta.dirname, '../bin/collectstatic.js');
const python = process.env.PYTHON ?? 'python3';

/** In turns of things that belong together: a second run comes right after the first. */
export function contestants(work, site) {
  return [
    [
      { name: 'node -e 0', command: ['node', '-e', '0'] },
      { name: 'collectstatic --version', command: ['node', bin, '--version'] },
    ],
    [cp(work, site)],
    ...(available('rsync', ['--version'])
      ? [[copying('rsync -a', work, (out) => ['rsync', '-a', `${site.source}/`, out])]]
      : []),
    ...django(work, site),
    ours(work, site),
  ];
}

/** The same with fingerprints, a manifest, and references that follow. */
export function fingerprintContestants(work, site) {
  return [[cp(work, site)], ...django(work, site, MANIFEST_STORAGE), ours(work, site, FINGERPRINTS)];
}

/** The settings of this package for fingerprints. */
export const FINGERPRINTS = { postProcess: ['fingerprint'] };

const MANIFEST_STORAGE = [
  "STORAGES = {'staticfiles': {",
  "    'BACKEND': 'django.contrib.staticfiles.storage.ManifestStaticFilesStorage'}}",
];

/** The yardstick. */
function cp(work, site) {
  return copying('cp -r', work, (out) => ['cp', '-r', site.source, out]);
}

function available(command, argv) {
  return spawnSync(command, argv, { stdio: 'ignore' }).status === 0;
}

function copying(name, work, commandFor) {
  const out = path.join(work, 'out');
  return { name, before: () => remove(out), command: commandFor(out) };
}

/** collectstatic of this package over a project; a first run and one with nothing to do. */
export function ours(work, site, more = {}) {
  const out = path.join(work, 'out-ours');
  const cache = path.join(work, 'cache');
  const settings = { staticRoot: out, staticfilesDirs: ['static'], cacheDir: cache, ...more };
  fs.writeFileSync(path.join(site.dir, 'staticfiles.config.json'), JSON.stringify(settings));
  const run = { command: ['node', bin, '--noinput'], cwd: site.dir };
  return [
    { ...run, name: 'staticfiles, first run', before: () => remove(out, cache) },
    { ...run, name: 'staticfiles, unchanged' },
  ];
}

/** Django's collectstatic, where there is one. */
function django(work, site, more = []) {
  if (!available(python, ['-c', 'import django'])) return [];
  const out = path.join(work, 'out-django');
  fs.writeFileSync(
    path.join(work, 'bench_settings.py'),
    [
      "INSTALLED_APPS = ['django.contrib.staticfiles']",
      `STATICFILES_DIRS = [${JSON.stringify(site.source)}]`,
      `STATIC_ROOT = ${JSON.stringify(out)}`,
      "STATIC_URL = '/static/'",
      ...more,
    ].join('\n'),
  );
  const run = {
    command: [python, '-m', 'django', 'collectstatic', '--noinput', '--settings', 'bench_settings'],
    env: { PYTHONPATH: work },
  };
  return [
    [
      { ...run, name: 'Django, first run', before: () => remove(out) },
      { ...run, name: 'Django, unchanged' },
    ],
  ];
}

/** Removes folders, where they are. */
export function remove(...folders) {
  for (const folder of folders) fs.rmSync(folder, { recursive: true, force: true });
}
