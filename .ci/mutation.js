// Changes the code in thousands of small ways, a folder at a time, and counts which changes the folder's own tests see.
// usage: npm run test:mutation [-- FOLDER...]      prints the table of docs/testing.md
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';

/**
 * The folder's own tests, which are fast, and not all that reach it: each change runs every test that reaches the changed
 * line, until one fails.
 */
const FOLDERS = {
  'pipeline/make-plan.ts': ['test/pipeline', 'test/collectstatic.test.ts'],
  'pipeline/publish.ts': ['test/pipeline', 'test/collectstatic.test.ts'],
  'pipeline/unchanged.ts': ['test/pipeline', 'test/collectstatic.test.ts'],
  'storages/objects': [
    'test/storages/objects',
    'test/storages/objects/encodings.slow.test.ts',
    'test/testing',
  ],
  'storages/filesystem': ['test/storages/filesystem'],
  releases: ['test/releases'],
  prune: ['test/prune'],
  'serve/http': ['test/serve/http'],
  'serve/answering': [
    'test/serve/answering',
    'test/serve/pages.test.ts',
    'test/serve/options.test.ts',
    'test/serve/cors.test.ts',
  ],
};

const REPORT = 'reports/mutation/mutation.json';
const chosen = process.argv.slice(2);
const rows = [];
for (const [folder, tests] of Object.entries(FOLDERS)) {
  if (chosen.length > 0 && !chosen.includes(folder)) continue;
  rows.push(`| \`${folder}\` | ${run(folder, tests).join(' | ')} |`);
}
const head =
  '| folder | mutants | killed | survived | not covered | score |\n| --- | --- | --- | --- | --- | --- |';
process.stdout.write(`${[head, ...rows].join('\n')}\n`);

function run(folder, tests) {
  const mutate = folder.endsWith('.ts') ? `src/${folder}` : `src/${folder}/**/*.ts,!src/**/*-worker.ts`;
  const env = { ...process.env, STATICFILES_MUTATION_TESTS: tests.join(',') };
  const { status } = spawnSync('npx', ['stryker', 'run', '--mutate', mutate], { env, stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
  fs.copyFileSync(REPORT, path.join(path.dirname(REPORT), `${folder.replaceAll('/', '-')}.json`));
  const { files } = JSON.parse(fs.readFileSync(REPORT, 'utf8'));
  const states = Object.values(files).flatMap(({ mutants }) => mutants.map((mutant) => mutant.status));
  const count = (...wanted) => states.filter((state) => wanted.includes(state)).length;
  const [killed, survived, uncovered] = [count('Killed', 'Timeout'), count('Survived'), count('NoCoverage')];
  const all = killed + survived + uncovered;
  return [all, killed, survived, uncovered, `${((100 * killed) / all).toFixed(1)} %`];
}
