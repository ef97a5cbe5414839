// Compares this working tree with a commit: CPU time, and the number of system calls.
// usage: npm run bench:compare [-- --rounds N] [COMMIT]      default: HEAD
import fs from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { FINGERPRINTS, ours, starting } from './contestants.js';
import { fromTests } from './from-tests.js';
import { measured, medianOf, runRounds } from './rounds.js';
import { makeSite } from './site.js';
import { printTable } from './table.js';
import { withWorkFolder } from './work-folder.js';

const { debianProgram, must } = await fromTests('system/install.ts');

const TOP = path.resolve(import.meta.dirname, '..');
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { rounds: { type: 'string', default: '7' } },
});
const commit = must('git', ['-C', TOP, 'rev-parse', '--short', positionals[0] ?? 'HEAD']).trim();

await withWorkFolder((work) => {
  const other = path.join(work, 'commit');
  must('git', ['-C', TOP, 'worktree', 'add', '--quiet', '--detach', other, commit]);
  try {
    for (const top of [TOP, other]) build(top);
    compare(work, [
      { name: commit, program: process.execPath, bin: path.join(other, 'bin/collectstatic.js') },
      { name: 'this tree', program: process.execPath },
    ]);
  } finally {
    must('git', ['-C', TOP, 'worktree', 'remove', '--force', other]);
  }
});

/** Builds with the packages of this tree, unless the commit has other ones. */
function build(top) {
  const lock = (folder) => fs.readFileSync(path.join(folder, 'package-lock.json'), 'utf8');
  if (top !== TOP && lock(top) === lock(TOP))
    fs.symlinkSync(path.join(TOP, 'node_modules'), path.join(top, 'node_modules'));
  else if (top !== TOP) must('npm', ['--prefix', top, 'ci', '--silent', '--ignore-scripts']);
  must('npm', ['--prefix', top, 'run', '--silent', 'build']);
}

function compare(work, [before, after]) {
  const site = makeSite(work);
  const turns = (version) => [
    starting(work, version),
    ours(work, site, {}, version).map((each) => ({ ...each, name: `plain, ${each.name}` })),
    ours(work, site, FINGERPRINTS, version).map((each) => ({ ...each, name: `fingerprints, ${each.name}` })),
  ];
  const [ofBefore, ofAfter] = [turns(before), turns(after)];
  const results = runRounds(
    ofBefore.map((turn, at) => [...turn, ...ofAfter[at]]),
    Number(values.rounds),
  );
  const afterRuns = ofAfter.flat();
  const rows = ofBefore.flat().map((contestant, at) => {
    const pair = [contestant, afterRuns[at]];
    const cpu = pair.map(({ name }) => medianOf(results, name, 'cpu') * 1000);
    const calls = pair.map((each) => systemCalls(work, each));
    return [
      contestant.name.replace(`, ${before.name}`, ''),
      ...[...cpu.map((each) => each.toFixed(0)), (cpu[1] / cpu[0]).toFixed(2)],
      ...[...calls.map(String), (calls[1] / calls[0]).toFixed(2)],
    ];
  });
  const columns = [before.name, after.name, 'ratio'];
  printTable(
    ['', ...columns.map((each) => `CPU ms, ${each}`), ...columns.map((each) => `calls, ${each}`)],
    rows,
  );
}

/** Counts the system calls of a run, but for the waits of threads for each other, which are never the same. */
function systemCalls(work, contestant) {
  const counts = path.join(work, 'calls');
  const command = [
    debianProgram('strace'),
    '-f',
    '-c',
    '-e',
    'trace=!futex',
    '-o',
    counts,
    ...contestant.command,
  ];
  measured({ ...contestant, command });
  const total = fs.readFileSync(counts, 'utf8').trim().split('\n').at(-1);
  return Number(/(\d+)\s+(?:\d+\s+)?total$/.exec(total)[1]);
}
