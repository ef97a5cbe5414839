import type { ChildProcess } from 'node:child_process';
import fs from 'node:fs';
import { expect, test } from 'vitest';
import { TOPICS } from './all-lines.js';
import { type Contestant, contestants } from './contestant.js';
import type { Line } from './line.js';
import { conformanceSite, subjectAt } from './subject.js';
import { CONFORMANCE_FILE, conformancePage, type Outcome } from './table.js';

/** Time after which an answer counts as missing. */
const PATIENCE_MS = 5000;

const LINES: readonly Line[] = Object.values(TOPICS).flat();

/** Checks all requirements. If a request ends the process, it is started again for the next one. */
async function outcomesOf(contestant: Contestant): Promise<ReadonlyMap<Line, Outcome>> {
  const site = await conformanceSite();
  const outcomes = new Map<Line, Outcome>();
  let { port, process: child } = await contestant.start(site);
  for (const line of LINES) {
    if (hasEnded(child)) ({ port, process: child } = await contestant.start(site));
    const isMet = await met(line.check(subjectAt(port, site)));
    outcomes.set(line, hasEnded(child) ? 'crashes' : isMet ? 'yes' : 'no');
  }
  child.kill();
  return outcomes;
}

function hasEnded({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null;
}

async function met(check: Promise<void>): Promise<boolean> {
  const late = new Promise<boolean>((resolve) => setTimeout(resolve, PATIENCE_MS, false).unref());
  const onTime = check.then(
    () => true,
    () => false,
  );
  const isMet = await Promise.race([onTime, late]);
  // Node reports the end of a process a moment later.
  await new Promise((resolve) => setTimeout(resolve, 20));
  return isMet;
}

test('our handler meets every requirement, and the page compares it with the others', async () => {
  const results: [name: string, outcomes: ReadonlyMap<Line, Outcome>][] = [];
  for (const contestant of contestants()) results.push([contestant.name, await outcomesOf(contestant)]);
  fs.writeFileSync(CONFORMANCE_FILE, conformancePage(results));
  const [, ours] = results[0]!;
  const unmet = LINES.filter((line) => ours.get(line) !== 'yes').map(({ requirement }) => requirement);
  expect(unmet).toEqual([]);
});
