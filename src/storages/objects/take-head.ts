import { randomUUID } from 'node:crypto';
import { StaticFilesError } from '../../errors.js';
import { HEAD_NAME, type Head, headBytes, parseHead } from './head-object.js';
import { type Hold, keepHold, type TakenHead } from './hold.js';
import { type Condition, ConditionFailed, ConditionsRefused } from './object-store.js';
import { asSeen, type Place, putInternal } from './place.js';

/** A run that shows no life for so long, by the clock of the one that waits, is given up. Milliseconds. */
const GIVEN_UP_AFTER = 30_000;
/** How long a run waits for others that are alive. */
const PATIENCE = 10 * 60_000;
const TOLD_AFTER = 3000;
const LOOKS_EVERY = 1000;
/** What a run that is interrupted takes at most to say so. */
const LAST_WORDS_MS = 5000;
/** Without conditions: how long another write may be under way that was begun before this one. */
const SETTLES_AFTER = 3000;

/** The head as it was read, and its version; without them there is none yet. */
export interface SeenHead {
  readonly head?: Head;
  readonly version?: string;
}

/** Reads the head of a place. */
export async function lookAtHead({ store, prefix }: Place, signal: AbortSignal): Promise<SeenHead> {
  const found = await store.read(prefix + HEAD_NAME, signal);
  return found ? { head: parseHead(found.bytes), version: found.version } : {};
}

/** Whether no run holds the place. */
export function isFree({ head }: SeenHead): boolean {
  return head === undefined || head.state === 'free';
}

/**
 * Takes a place that was seen to be free, if nobody has taken it since: all that was read after that look still holds.
 *
 * @param changes what the head says otherwise than before
 * @returns `undefined` if another run was faster
 */
export async function takeAsSeen(
  place: Place,
  seen: SeenHead,
  changes: Partial<Head>,
  signal: AbortSignal,
): Promise<Hold | undefined> {
  return take(place, seen, changes, signal);
}

/**
 * Waits until a place is free, or until the run that holds it shows no life any more, and takes it.
 *
 * @throws StaticFilesError `locked` if others hold it for too long
 */
export async function waitAndTake(place: Place, signal: AbortSignal): Promise<Hold> {
  const { clock, name } = place;
  const startedAt = clock.now();
  let watched: { readonly version: string | undefined; readonly since: number } | undefined;
  let isTold = false;
  for (;;) {
    const at = clock.now();
    const seen = await lookAtHead(place, signal);
    if (watched === undefined || watched.version !== seen.version)
      watched = { version: seen.version, since: clock.now() };
    if (isFree(seen)) {
      const hold = await take(place, seen, {}, signal);
      if (hold) return hold;
    } else if (at - watched.since >= GIVEN_UP_AFTER) {
      const hold = await take(place, seen, givenUp(place, seen.head!), signal);
      if (hold) {
        place.warn(tookOver(name));
        return hold;
      }
    } else if (at - startedAt >= PATIENCE) throw stillHeld(name, seen.head!);
    else if (!isTold && at - startedAt >= TOLD_AFTER) {
      isTold = true;
      place.warn({ code: 'waiting', message: `Another run publishes to '${name}'. Waiting for its end.` });
    }
    await clock.wait(LOOKS_EVERY, signal);
  }
}

/** What a head says of the run that held it, and was given up. */
function givenUp({ clock }: Place, { state, going, lost }: Head): Partial<Head> {
  const known = state === 'deleting' || lost !== null;
  return { lost: new Date(clock.date()).toISOString(), going: known ? going : null };
}

/** The head of a place that has none yet. */
const FIRST: Head = {
  ...{ run: '', seq: 0, state: 'free' },
  ...{ index: null, published: null, lost: null, going: null, conditional: null },
};

async function take(
  place: Place,
  { head: before = FIRST, version }: SeenHead,
  changes: Partial<Head>,
  signal: AbortSignal,
): Promise<Hold | undefined> {
  const { clock } = place;
  const conditional = place.conditional ?? before.conditional;
  const head: Head = {
    ...{ ...before, run: randomUUID(), seq: before.seq + 1, state: 'held' },
    ...{ conditional, ...changes },
  };
  try {
    const at = clock.now();
    if (conditional === false && (await lookAtHead(place, signal)).version !== version) return undefined;
    const condition = conditional === false ? undefined : asSeen(version);
    const isTakenOver = before.state !== 'free';
    const written = await put(place, head, condition, signal);
    const taken = { head, version: written, at, conditional: conditional ?? true, isTakenOver };
    return await made(place, taken, conditional === null, signal).catch(async (error) => {
      // An interrupted run keeps nobody waiting.
      if (signal.aborted)
        await keepHold(place, taken)
          .giveBack({}, AbortSignal.timeout(LAST_WORDS_MS))
          .catch(() => {});
      throw error;
    });
  } catch (error) {
    if (error instanceof ConditionFailed) return undefined;
    throw error instanceof ConditionsRefused ? refused(place, error) : error;
  }
}

async function made(
  place: Place,
  taken: TakenHead,
  mustFindOut: boolean,
  signal: AbortSignal,
): Promise<Hold | undefined> {
  const known = mustFindOut ? await findOut(place, taken, signal) : taken;
  return known.conditional ? keepHold(place, known) : settled(place, known, signal);
}

function put(
  place: Place,
  head: Head,
  condition: Condition | undefined,
  signal: AbortSignal,
): Promise<string> {
  return putInternal(place, HEAD_NAME, headBytes(head), { condition, signal });
}

/** Of two runs that have both written, only one finds its own head after a while. */
async function settled(place: Place, taken: TakenHead, signal: AbortSignal): Promise<Hold | undefined> {
  await place.clock.wait(SETTLES_AFTER, signal);
  const at = place.clock.now();
  const { head, version } = await lookAtHead(place, signal);
  if (head?.run !== taken.head.run || version === undefined) return undefined;
  return keepHold(place, { ...taken, version, at });
}

/** Finds out whether a service keeps to conditions, by writes that must fail: what they would write says so. */
async function findOut(place: Place, taken: TakenHead, signal: AbortSignal): Promise<TakenHead> {
  const known = { ...taken.head, seq: taken.head.seq + 1, conditional: true };
  const ignored = { ...known, seq: known.seq + 1, conditional: false };
  const isLetThrough = (condition: Condition) =>
    put(place, ignored, condition, signal).then(
      () => true,
      (error) => {
        if (error instanceof ConditionFailed) return false;
        throw error;
      },
    );
  if (!(await isLetThrough({ absent: true }))) {
    const version = await put(place, known, { version: taken.version }, signal);
    if (!(await isLetThrough({ version: taken.version }))) return { ...taken, head: known, version };
  }
  place.warn(ignoresConditions(place.name));
  return { ...taken, head: ignored, conditional: false };
}

function tookOver(name: string) {
  const message =
    `A run that published to '${name}' has shown no life for ${GIVEN_UP_AFTER / 1000} s, and this one goes on in its place. ` +
    'Since it may still wake up, nothing is deleted there for an hour.';
  return { code: 'taken-over', message };
}

function ignoresConditions(name: string) {
  const message =
    `The service of '${name}' ignores the conditions of conditional writes, so that two runs at once cannot be kept apart for sure. ` +
    'Let one run publish at a time.';
  return { code: 'no-conditional-writes', message };
}

function refused({ name }: Place, cause: ConditionsRefused): StaticFilesError {
  return new StaticFilesError(
    'target',
    `The service of '${name}' does not take conditional writes (${cause.message}). Nothing was published. ` +
      'Set the option conditional: false, and let one run publish at a time.',
    { cause },
  );
}

function stillHeld(name: string, { run }: Head): StaticFilesError {
  return new StaticFilesError(
    'locked',
    `Another run (${run.slice(0, 8)}) has been publishing to '${name}' for ${PATIENCE / 60_000} min, and is still alive. Run again when it has finished.`,
  );
}
