// Times commands in turns, so that a slow moment of the machine hits all alike.
import { spawnSync } from 'node:child_process';

/** Runs every turn once a round, each round beginning with another; gives the times of each contestant, in seconds. */
export function runRounds(turns, rounds) {
  const results = turns.flat().map(({ name }) => ({ name, times: [] }));
  for (let round = 0; round < rounds; round++) {
    const shift = round % turns.length;
    for (const contestant of [...turns.slice(shift), ...turns.slice(0, shift)].flat()) {
      results.find(({ name }) => name === contestant.name).times.push(timed(contestant));
    }
  }
  return results;
}

/** The median time of a contestant, in seconds. */
export function medianOf(results, name) {
  const sorted = results.find((result) => result.name === name).times.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** Runs a contestant once; gives the wall time of the process in seconds. */
export function timed({ before, after, command, cwd, env }) {
  before?.();
  const [file, ...argv] = command;
  const began = process.hrtime.bigint();
  const { status, stderr, error } = spawnSync(file, argv, {
    cwd,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const seconds = Number(process.hrtime.bigint() - began) / 1e9;
  if (status !== 0) throw new Error(`${command.join(' ')}: ${error?.message ?? stderr}`);
  after?.();
  return seconds;
}
