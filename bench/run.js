// Runs the contestants in turns and prints what they took. README.md says how to read it.
import { parseArgs } from 'node:util';
import { contestants } from './contestants.js';
import { medianOf, runRounds } from './rounds.js';
import { scaling } from './scaling.js';
import { makeSite, sizeOf } from './site.js';
import { printTable } from './table.js';
import { withWorkFolder } from './work-folder.js';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '7' },
    'skip-scaling': { type: 'boolean', default: false },
  },
});
const rounds = Number(values.rounds);

await withWorkFolder((work) => {
  const site = makeSite(work);
  const { files, bytes } = sizeOf(site);
  console.log(`${files} files, ${(bytes / 1e6).toFixed(1)} MB, in ${work}; Node ${process.version}`);
  console.log(`Medians of ${rounds} rounds, wall time of the whole process.\n`);
  const results = runRounds(contestants(work, site), rounds);
  const reference = medianOf(results, 'cp -r');
  printTable(
    ['', 'seconds', '× cp -r', 'fastest', 'slowest'],
    results.map(({ name, times }) => [
      name,
      medianOf(results, name).toFixed(3),
      (medianOf(results, name) / reference).toFixed(2),
      Math.min(...times).toFixed(3),
      Math.max(...times).toFixed(3),
    ]),
  );
  const ratio = medianOf(results, 'collectstatic --version') / medianOf(results, 'node -e 0');
  console.log(`\ncollectstatic --version takes ${ratio.toFixed(2)} × node -e 0.\n`);
  if (!values['skip-scaling']) scaling(work, site, rounds);
});
