import type { MemoryStore } from '../../../support/memory-store.js';
import type { Command } from './runs.js';
import { wrongAt } from './whole.js';
import { type Actor, World } from './world.js';

/** Runs at the same time, with what happens to one of them. */
export interface Scene {
  /** By name, in the order in which they start. */
  readonly runs: Readonly<Record<string, Command>>;
  /** The run that dies, or is frozen for longer than others wait for it, at any of its requests. */
  readonly kill?: string;
  readonly freeze?: string;
}

/** The outcome of a scene, played in one order of requests. */
export interface Outcome {
  readonly log: readonly string[];
  /** What was wrong, and after how many requests. */
  readonly wrong: readonly string[];
  readonly actors: ReadonlyMap<string, Actor>;
  readonly world: World;
}

/** Picks one of the possible next steps. */
export type Choose = (count: number, weights?: readonly number[]) => number;

/** Longer than any run waits for one without a sign of life. Milliseconds. */
const LONG = 31_000;

type Move = { readonly kind: 'step' | 'kill' | 'freeze' | 'wake'; readonly actor: Actor };

/** Plays a scene to its end. */
export async function play(
  store: MemoryStore,
  scene: Scene,
  choose: Choose,
  switches = Number.POSITIVE_INFINITY,
): Promise<Outcome> {
  const world = new World(store);
  const actors = new Map<string, Actor>();
  for (const [name, command] of Object.entries(scene.runs)) actors.set(name, await world.run(name, command));
  const wrong: string[] = [];
  const frozen = scene.freeze === undefined ? undefined : actors.get(scene.freeze)!;
  const killed = scene.kill === undefined ? undefined : actors.get(scene.kill)!;
  let frozenAt: number | undefined;
  let left = switches;
  let last: Actor | undefined;
  for (;;) {
    const ready = world.ready;
    const goesOn = last !== undefined && ready.includes(last);
    const stepping = goesOn && left === 0 ? [last!] : ready;
    const moves: Move[] = stepping.map((actor) => ({ kind: 'step', actor }));
    if (goesOn) moves.sort((a, b) => Number(b.actor === last) - Number(a.actor === last));
    if (killed && !killed.isDead && !killed.ending && ready.includes(killed))
      moves.push({ kind: 'kill', actor: killed });
    if (frozen && frozenAt === undefined && ready.includes(frozen))
      moves.push({ kind: 'freeze', actor: frozen });
    if (frozen?.isFrozen && world.now - frozenAt! >= LONG) moves.push({ kind: 'wake', actor: frozen });
    if (moves.length === 0) {
      if (await world.passTime()) continue;
      if (!frozen?.isFrozen) break;
      world.now += LONG;
      await world.wake(frozen);
      continue;
    }
    const { kind, actor } = moves[moves.length === 1 ? 0 : choose(moves.length)]!;
    if (kind === 'kill') await world.kill(actor);
    else if (kind === 'wake') await world.wake(actor);
    else if (kind === 'freeze') {
      frozenAt = world.now;
      world.freeze(actor);
    } else {
      if (goesOn && actor !== last) left -= 1;
      last = actor;
      await world.step(actor);
      wrong.push(...wrongAt(store).map((each) => `after ${world.log.length} requests ${each}`));
    }
  }
  return { log: world.log, wrong, actors, world };
}

/**
 * Plays a scene in every order of requests with at most so many switches from a run that could go on to another one.
 *
 * @returns the number of orders
 */
export async function playAll(
  before: () => MemoryStore,
  scene: Scene,
  { switches, judge }: { readonly switches: number; judge(outcome: Outcome): Promise<void> },
): Promise<number> {
  const choices: { at: number; readonly count: number }[] = [];
  for (let played = 1; ; played++) {
    let position = 0;
    const choose = (count: number) => {
      const choice = choices[position] ?? { at: 0, count };
      if (choices[position] === undefined) choices.push(choice);
      if (choice.count !== count) throw new Error('The same choices have led to something else.');
      position += 1;
      return choice.at;
    };
    await judge(await play(before(), scene, choose, switches));
    while (choices.length > 0 && choices.at(-1)!.at + 1 === choices.at(-1)!.count) choices.pop();
    if (choices.length === 0) return played;
    choices.at(-1)!.at += 1;
  }
}
