// Runs the contestants in turns and prints what they took. README.md says how to read it.
import { parseArgs } from 'node:util';
import { compressing, copying, FINGERPRINTS, fingerprinting, starting } from './contestants.js';
import { beside } from './gulp-rev-all.js';
import { runRounds } from './rounds.js';
import { runtimes } from './runtimes.js';
import { scaling } from './scaling.js';
import { scanning } from './scanning.js';
import { makeSite, sizeOf } from './site.js';
import { printAbove, printTimes } from './table.js';
import { withWorkFolder } from './work-folder.js';

const TABLES = ['start', 'plain', 'fingerprint', 'compress', 'gulp', 'scanning', 'scaling', 'storages'];
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: 'string', default: '7' },
    runtimes: { type: 'string', default: 'Node 20,Node 24,Bun' },
  },
});
const rounds = Number(values.rounds);
const unknown = positionals.filter((name) => !TABLES.includes(name));
if (unknown.length > 0) throw new Error(`There is no table '${unknown[0]}'. There are: ${TABLES.join(', ')}`);
const chosen = positionals.length > 0 ? positionals : TABLES.filter((name) => name !== 'storages');

await withWorkFolder(async (work) => {
  const under = runtimes(values.runtimes.split(','));
  const site = makeSite(work);
  const { files, bytes } = sizeOf(site);
  console.log(`${files} files, ${(bytes / 1e6).toFixed(1)} MB, in ${work}. Medians of ${rounds} rounds.`);
  const print = {
    start: () =>
      printAbove(
        runRounds(
          under.map((runtime) => starting(work, runtime)),
          rounds,
        ),
      ),
    plain: () => printTimes(runRounds(copying(work, site, under), rounds), 'cp -r'),
    fingerprint: () => printTimes(runRounds(fingerprinting(work, site, under), rounds), 'cp -r'),
    compress: () => printTimes(runRounds(compressing(work, site, under), rounds), 'cp -r'),
    gulp: () => beside(work, rounds),
    scanning,
    scaling() {
      scaling(work, site, rounds);
      console.log();
      scaling(work, site, rounds, FINGERPRINTS);
    },
    storages: async () => (await import('./storages.js')).benchStorages(work, rounds),
  };
  for (const name of chosen) {
    console.log(`\n${name}\n`);
    await print[name]();
  }
});
