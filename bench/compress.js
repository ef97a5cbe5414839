// Times compressed variants of real packages: made with all threads and with one, kept, and restored on another machine.

import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { ours, restoreCache } from './contestants.js';
import { medianOf, runRounds } from './rounds.js';
import { sizeOf } from './site.js';
import { printTable } from './table.js';
import { withWorkFolder } from './work-folder.js';

const PACKAGES = ['bootstrap/dist', '@fortawesome/fontawesome-free', 'codemirror', 'leaflet/dist'];

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '3' } } });

await withWorkFolder((work) => {
  const site = makeSite(work);
  const { files, bytes } = sizeOf(site);
  console.log(`${files} files, ${(bytes / 1e6).toFixed(1)} MB of real packages; Node ${process.version}`);
  const results = runRounds([contestants(work, site)], Number(values.rounds));
  const seconds = (name) => medianOf(results, name);
  printTable(
    ['with fingerprint and compress', 'seconds'],
    results.map(({ name }) => [name, seconds(name).toFixed(2)]),
  );
  const plain = seconds('fingerprints alone');
  const speedUp = (seconds('first run, one thread') - plain) / (seconds('first run') - plain);
  console.log(`\nAll threads compress ${speedUp.toFixed(2)} × as many files a second as one.`);
});

function makeSite(work) {
  const dir = path.join(work, 'site');
  const { resolve } = createRequire(import.meta.url);
  for (const name of PACKAGES) {
    const [, packageName, inside = ''] = /^((?:@[^/]+\/)?[^/]+)(.*)$/.exec(name);
    const folder = path.dirname(resolve(`${packageName}/package.json`));
    fs.cpSync(path.join(folder, inside), path.join(dir, 'static', name), { recursive: true });
  }
  return { dir, source: path.join(dir, 'static') };
}

function contestants(work, site) {
  const fingerprint = ['fingerprint', { missing: 'ignore' }];
  const [first, second] = ours(work, site, { postProcess: [fingerprint, 'compress'] });
  const [alone] = ours(work, site, { postProcess: [fingerprint] });
  return [
    { ...alone, name: 'fingerprints alone' },
    { ...first, name: 'first run, one thread', env: { UV_THREADPOOL_SIZE: '1' } },
    { ...first, name: 'first run' },
    { ...second, name: 'second run' },
    { ...first, name: 'restored cache, all times new', before: () => restoreCache(first) },
  ];
}
