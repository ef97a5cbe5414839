// Runs commands in turns, so that a slow moment of the machine hits all alike, and measures each run.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fromTests } from './from-tests.js';

const { debianFile } = await fromTests('servers/start/install.ts');

/**
 * Runs every turn once a round, each round beginning with another one. A turn is a list of contestants that run one after
 * the other: `{ name, command, cwd?, env?, before?, after? }`. The first round is not counted: it fills the caches of the
 * system.
 *
 * @returns for each contestant its name and its `runs`: {@link measured}
 */
export function runRounds(turns, rounds) {
  const results = turns.flat().map(({ name }) => ({ name, runs: [] }));
  for (let round = -1; round < rounds; round++) {
    const shift = (round + turns.length) % turns.length;
    for (const contestant of [...turns.slice(shift), ...turns.slice(0, shift)].flat()) {
      const run = measured(contestant);
      if (round >= 0) results.find(({ name }) => name === contestant.name).runs.push(run);
    }
  }
  return results;
}

/**
 * The median of what a contestant took.
 *
 * @param what `wall` or `cpu` in seconds, or `peak` in bytes
 */
export function medianOf(results, name, what = 'wall') {
  const sorted = valuesOf(results, name, what).toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** All that a contestant took, in the order of the rounds. */
export function valuesOf(results, name, what = 'wall') {
  return results.find((result) => result.name === name).runs.map((run) => run[what]);
}

/** `times` of the shell has milliseconds, where GNU time rounds to ten; GNU time knows the largest resident size. */
const MEASURING = 'peak=$1; shift; /usr/bin/time -q -o "$peak" -f %M -- "$@"; code=$?; times >&3; exit $code';

/**
 * Runs a command once.
 *
 * @returns `wall`: seconds; `cpu`: seconds of the process and all that it has waited for, in user and kernel mode; `peak`: the
 *   largest resident size in bytes
 */
export function measured({ before, after, command, cwd, env }) {
  debianFile('/usr/bin/time', 'time');
  const peakFile = path.join(os.tmpdir(), `staticfiles-bench-peak-${process.pid}`);
  before?.();
  const began = process.hrtime.bigint();
  const argv = ['-c', MEASURING, 'bash', peakFile, ...command];
  const { status, stderr, output, error } = spawnSync('bash', argv, {
    cwd,
    env: { ...process.env, ...env },
    encoding: 'utf8',
    stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
  });
  const wall = Number(process.hrtime.bigint() - began) / 1e9;
  if (status !== 0) throw new Error(`${command.join(' ')}: ${error?.message ?? stderr}`);
  const peak = Number(fs.readFileSync(peakFile, 'utf8')) * 1024;
  fs.rmSync(peakFile);
  after?.();
  return { wall, cpu: cpuSeconds(output[3]), peak };
}

/** Reads the second line of `times`, for the children: `0m0.123s 0m0.045s`. */
function cpuSeconds(times) {
  const children = times.trim().split('\n')[1];
  return children
    .split(' ')
    .map((time) => /^(\d+)m([\d.]+)s$/.exec(time))
    .reduce((sum, [, minutes, seconds]) => sum + Number(minutes) * 60 + Number(seconds), 0);
}
