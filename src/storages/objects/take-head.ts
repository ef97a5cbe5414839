import { randomUUID } from 'node:crypto';
import { StaticFilesError } from '../../errors.js';
import type { Head } from './head-object.js';
import { lookAtHead, putHead, type SeenHead } from './head-requests.js';
import { type Hold, keepHold, type TakenHead } from './hold.js';
import { asSeen, type ObjectDestination } from './object-destination.js';
import { type Condition, ConditionFailed, ConditionsRefused } from './object-store.js';

/** A run that shows no sign of life for this long, by the clock of the waiting run, is given up. Milliseconds. */
const GIVEN_UP_AFTER = 30_000;
/** How long a run waits for others that are alive. */
const WAIT_AT_MOST = 10 * 60_000;
const WARN_AFTER = 3000;
const LOOK_EVERY = 1000;
/** How long a run that fails or is interrupted may take to give the destination back. */
export const FAREWELL_MS = 5000;
/** Without conditions: how long another run's write may take that began before this one's. */
const SETTLES_AFTER = 3000;

/** Whether no run holds the destination. */
export function isFree({ head }: SeenHead): boolean {
  return head === undefined || head.state === 'free';
}

/**
 * Takes a destination once it is free, or once the run that holds it no longer shows a sign of life. If that run is an
 * earlier attempt of this process, there is nothing to wait for.
 *
 * @throws StaticFilesError `locked` if other runs hold it for too long
 */
export async function waitAndTake(destination: ObjectDestination, signal: AbortSignal): Promise<Hold> {
  const { clock, name } = destination;
  const startedAt = clock.now();
  let watched: { readonly version: string | undefined; readonly since: number } | undefined;
  let isWarned = false;
  for (;;) {
    const at = clock.now();
    const seen = await lookAtHead(destination, signal);
    if (watched === undefined || watched.version !== seen.version)
      watched = { version: seen.version, since: clock.now() };
    if (isFree(seen)) {
      const hold = await takeAsSeen(destination, seen, {}, signal);
      if (hold) return hold;
    } else if (destination.endedRuns.has(seen.head!.run)) {
      const hold = await takeAsSeen(destination, seen, resumed(destination, seen.head!), signal);
      if (hold) {
        destination.warn(wentOn(name, hold));
        return hold;
      }
    } else if (at - watched.since >= GIVEN_UP_AFTER) {
      const hold = await takeAsSeen(destination, seen, givenUp(destination, seen.head!), signal);
      if (hold) {
        destination.warn(tookOver(name));
        return hold;
      }
    } else if (at - startedAt >= WAIT_AT_MOST) throw stillHeld(name, seen.head!);
    else if (!isWarned && at - startedAt >= WARN_AFTER) {
      isWarned = true;
      destination.warn({
        code: 'waiting',
        message: `Another run is publishing to '${name}'. Waiting for it to finish.`,
      });
    }
    await clock.wait(LOOK_EVERY, signal);
  }
}

/** The fields of a head that tell of the run that held it and is now given up. */
function givenUp({ clock }: ObjectDestination, { state, going, lost }: Head): Partial<Head> {
  const known = state === 'deleting' || lost !== null;
  return { lost: new Date(clock.date()).toISOString(), going: known ? going : null };
}

/**
 * The fields of a head that an earlier attempt of this process left behind. Nobody has written there since, but its index
 * was not saved. What it was deleting is treated as if another run had, since its last requests may still arrive.
 */
function resumed(destination: ObjectDestination, head: Head): Partial<Head> {
  const deleting = head.state === 'deleting' && givenUp(destination, head);
  return { index: null, published: null, ...deleting };
}

/** Stands in for the head of a destination that has none yet. */
const FIRST: Head = {
  ...{ run: '', seq: 0, state: 'free' },
  ...{ index: null, published: null, lost: null, going: null, conditional: null },
};

/**
 * Takes a destination if its head is still the one that was seen. Then everything that was read after that look is still
 * true.
 *
 * @param changes of the head
 * @returns `undefined` if another run was faster
 */
export async function takeAsSeen(
  destination: ObjectDestination,
  { head: before = FIRST, version }: SeenHead,
  changes: Partial<Head>,
  signal: AbortSignal,
): Promise<Hold | undefined> {
  const { clock } = destination;
  const conditional = destination.conditional ?? before.conditional;
  const head: Head = {
    ...{ ...before, run: randomUUID(), seq: before.seq + 1, state: 'held' },
    ...{ conditional, ...changes },
  };
  let hold: Hold | undefined;
  try {
    const at = clock.now();
    if (conditional === false && (await lookAtHead(destination, signal)).version !== version)
      return undefined;
    const condition = conditional === false ? undefined : asSeen(version);
    const isResumed = before.state === 'held' && destination.endedRuns.has(before.run);
    const isTakenOver = before.state !== 'free' && !isResumed;
    const written = await putHead(destination, head, { condition, signal });
    const taken = { head, version: written, at, conditional: conditional ?? true, isTakenOver };
    hold = await confirm(destination, taken, conditional === null, signal).catch(async (error) => {
      // An interrupted run must not keep others waiting.
      if (signal.aborted)
        await keepHold(destination, taken)
          .giveBack({}, AbortSignal.timeout(FAREWELL_MS))
          .catch(() => {});
      throw error;
    });
    return hold;
  } catch (error) {
    if (error instanceof ConditionFailed) return undefined;
    throw error instanceof ConditionsRefused ? refused(destination, error) : error;
  } finally {
    // The head may have been written all the same, if its answer was lost.
    if (hold === undefined) destination.endedRuns.add(head.run);
  }
}

/** Makes sure that a head which was written is the one that counts, by what the service is known to honour. */
async function confirm(
  destination: ObjectDestination,
  taken: TakenHead,
  mustFindOut: boolean,
  signal: AbortSignal,
): Promise<Hold | undefined> {
  const known = mustFindOut ? await findOut(destination, taken, signal) : taken;
  return known.conditional ? keepHold(destination, known) : settle(destination, known, signal);
}

/** Waits without conditions: if two runs have written the head, only one still finds its own after a while. */
async function settle(
  destination: ObjectDestination,
  taken: TakenHead,
  signal: AbortSignal,
): Promise<Hold | undefined> {
  await destination.clock.wait(SETTLES_AFTER, signal);
  const at = destination.clock.now();
  const { head, version } = await lookAtHead(destination, signal);
  if (head?.run !== taken.head.run || version === undefined) return undefined;
  return keepHold(destination, { ...taken, version, at });
}

/** Finds out whether a service honours conditions, by writes that must fail. If one succeeds, the head says so. */
async function findOut(
  destination: ObjectDestination,
  taken: TakenHead,
  signal: AbortSignal,
): Promise<TakenHead> {
  const known = { ...taken.head, seq: taken.head.seq + 1, conditional: true };
  const ignored = { ...known, seq: known.seq + 1, conditional: false };
  const isLetThrough = (condition: Condition) =>
    putHead(destination, ignored, { condition, signal }).then(
      () => true,
      (error) => {
        if (error instanceof ConditionFailed) return false;
        throw error;
      },
    );
  if (!(await isLetThrough({ absent: true }))) {
    const condition = { version: taken.version };
    const version = await putHead(destination, known, { condition, signal });
    if (!(await isLetThrough(condition))) return { ...taken, head: known, version };
  }
  destination.warn(ignoresConditions(destination.name));
  return { ...taken, head: ignored, conditional: false };
}

function tookOver(name: string) {
  const message =
    `A run that published to '${name}' has shown no sign of life for ${GIVEN_UP_AFTER / 1000} s, so this run takes over. ` +
    'The other one may still wake up, so nothing is deleted there for an hour.';
  return { code: 'taken-over', message };
}

function wentOn(name: string, { isTakenOver }: Hold) {
  const message =
    `This run had lost its hold on '${name}', because the process or the network paused. No other run has written there since, so it goes on.` +
    (isTakenOver
      ? ' Its last deletions may still arrive, so nothing more is deleted there for an hour.'
      : '');
  return { code: 'resumed', message };
}

function ignoresConditions(name: string) {
  const message =
    `The service of '${name}' ignores the conditions of conditional writes, so two runs at once may mix. ` +
    'Let one run publish at a time.';
  return { code: 'no-conditional-writes', message };
}

function refused({ name }: ObjectDestination, cause: ConditionsRefused): StaticFilesError {
  return new StaticFilesError(
    'target',
    `The service of '${name}' does not support conditional writes (${cause.message}). Nothing was published. ` +
      'Set the option conditional: false, and let one run publish at a time.',
    { cause },
  );
}

function stillHeld(name: string, { run }: Head): StaticFilesError {
  return new StaticFilesError(
    'locked',
    `Another run (${run.slice(0, 8)}) has been publishing to '${name}' for ${WAIT_AT_MOST / 60_000} min, and is still running. Run again when it has finished.`,
  );
}
