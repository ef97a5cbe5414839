import { StaticFilesError } from '../../../../src/errors.js';
import { type MemoryBehaviour, type MemoryStore, memoryStore } from '../../../support/memory-store.js';
import type { Outcome, Scene } from './explore.js';
import { activate, type Command, deploy, prune } from './runs.js';
import { wrongAt } from './whole.js';
import { World } from './world.js';

/** Services of each kind. */
export const SERVICES: readonly (readonly [name: string, behaviour: MemoryBehaviour])[] = [
  ['has a version for each write', { version: 'write' }],
  ['has a version for the bytes', { version: 'bytes' }],
];
export const IGNORING: MemoryBehaviour = { version: 'bytes', keepsConditions: false };

const toOldFiles = deploy('red', 'v4');

/** Runs at the same time. What is published goes back to the files of an old release, which another run deletes. */
export const SCENES: Readonly<Record<string, Scene['runs']>> = {
  'a deploy and prune': { deploy: toOldFiles, prune: prune() },
  'two deploys': { deploy: toOldFiles, other: deploy('green', 'v5') },
  'activate and prune': { activate: activate('v1'), prune: prune() },
  'a deploy and another one with --prune': {
    deploy: toOldFiles,
    pruning: deploy('blue', 'v5', { prune: { keep: 0, olderThan: 0 } }),
  },
  'activate and a deploy with --clear': {
    activate: activate('v1'),
    clearing: deploy('blue', 'v5', { clear: true }),
  },
};

/** Returns a function that makes equal services with three published releases. */
export async function withThreeReleases(behaviour: MemoryBehaviour): Promise<() => MemoryStore> {
  const first = memoryStore({}, behaviour);
  const world = new World(first);
  for (const [id, colour] of [
    ['v1', 'red'],
    ['v2', 'green'],
    ['v3', 'black'],
  ] as const)
    await runAlone(world, deploy(colour, id));
  return () => {
    const store = memoryStore({}, behaviour);
    for (const [key, object] of first.objects) store.objects.set(key, object);
    return store;
  };
}

/** Runs a command to its end, without another run. */
async function runAlone(world: World, command: Command): Promise<void> {
  const actor = await world.run('alone', command);
  while (actor.ending === undefined) {
    if (world.ready.includes(actor)) await world.step(actor);
    else if (!(await world.passTime())) throw new Error('A run waits for nothing.');
  }
  if ('error' in actor.ending) throw actor.ending.error;
}

/**
 * Checks an outcome. At every moment, each manifest must have its files, and a trusted index must be right. Deploys must
 * succeed, other commands must succeed or say what went wrong, and a later deploy must succeed.
 *
 * @throws Error with the requests in their order
 */
export async function expectWhole({ log, wrong, actors, world }: Outcome): Promise<void> {
  const problems = [...wrong];
  for (const [name, { ending, isDead }] of actors) {
    if (isDead) continue;
    if (ending === undefined) problems.push(`${name} has not ended`);
    else if ('error' in ending && !isExpected(name, ending.error)) problems.push(`${name}: ${ending.error}`);
  }
  const later = new World(world.store);
  later.now = world.now + 60_000;
  await runAlone(later, deploy('yellow', 'v9')).catch((error) => problems.push(`a later deploy: ${error}`));
  problems.push(...wrongAt(world.store).map((each) => `at the end ${each}`));
  if (problems.length > 0) throw new Error(`${problems.join('\n')}\n${log.join('\n')}`);
}

/** A deploy begins again by itself. A command that deletes or goes back may have to be run again. */
function isExpected(name: string, error: unknown): boolean {
  const isTold = error instanceof StaticFilesError && ['overtaken', 'target'].includes(error.code);
  return isTold && (name === 'prune' || name === 'activate');
}
