// Runs the contestants in turns and prints what they took. README.md says how to read it.
import { parseArgs } from 'node:util';
import { contestants, FINGERPRINTS, fingerprintContestants } from './contestants.js';
import { beside } from './gulp-rev-all.js';
import { medianOf, runRounds } from './rounds.js';
import { scaling } from './scaling.js';
import { scanning } from './scanning.js';
import { makeSite, sizeOf } from './site.js';
import { printTimes } from './table.js';
import { withWorkFolder } from './work-folder.js';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: 'string', default: '7' },
    'skip-scaling': { type: 'boolean', default: false },
  },
});
const rounds = Number(values.rounds);

await withWorkFolder(async (work) => {
  if (positionals.includes('storages')) {
    const { benchStorages } = await import('./storages.js');
    return benchStorages(work, rounds);
  }
  const site = makeSite(work);
  const { files, bytes } = sizeOf(site);
  console.log(`${files} files, ${(bytes / 1e6).toFixed(1)} MB, in ${work}; Node ${process.version}`);
  console.log(`Medians of ${rounds} rounds, wall time of the whole process.\n`);
  const results = runRounds(contestants(work, site), rounds);
  printTimes(results, 'cp -r');
  const ratio = medianOf(results, 'collectstatic --version') / medianOf(results, 'node -e 0');
  console.log(`\ncollectstatic --version takes ${ratio.toFixed(2)} × node -e 0.\n`);
  console.log('With fingerprints:\n');
  printTimes(runRounds(fingerprintContestants(work, site), rounds), 'cp -r');
  console.log();
  beside(work, rounds);
  scanning();
  if (!values['skip-scaling']) {
    console.log('Without and with fingerprints:\n');
    scaling(work, site, rounds);
    console.log();
    scaling(work, site, rounds, FINGERPRINTS);
  }
});
