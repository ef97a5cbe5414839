import { StaticFilesError } from '../../errors.js';
import { HEAD_NAME, type Head, headBytes, parseHead } from './head-object.js';
import { ConditionFailed } from './object-store.js';
import { type Place, putInternal } from './place.js';

/** A hold is renewed that often, and what must not come late is sent that long after a proof of it at most. Milliseconds. */
const PROOF_LASTS = 10_000;
/** A run that could not prove its hold for so long stops by itself, before another one takes over. */
const STOPS_AFTER = 20_000;
/** How soon a renewal that failed is tried again. */
const TRIED_AGAIN_AFTER = 1000;

/** The right to write to a place, which the head object gives to one run at a time. */
export interface Hold {
  /** The head as this run wrote it last. */
  readonly head: Head;
  /** Whether the service keeps to conditions; else a hold is as safe as the time that it waits is long. */
  readonly conditional: boolean;
  /** Whether it was taken from a run that showed no life any more. */
  readonly isTakenOver: boolean;
  /** Aborted when the hold is lost, with the error to throw. */
  readonly lost: AbortSignal;
  /** Makes sure that the hold is still this run's, unless that was so a moment ago. */
  prove(signal: AbortSignal): Promise<void>;
  /** Writes something into the head, which proves the hold too. */
  write(changes: Partial<Head>, signal: AbortSignal): Promise<void>;
  /** Ends the hold, and tells the next run what it needs to know. */
  giveBack(changes: Partial<Head>, signal: AbortSignal): Promise<void>;
}

/** A head that a run has written to take a place. */
export interface TakenHead {
  readonly head: Head;
  readonly version: string;
  /** When the request was begun that took it, by the run's clock. */
  readonly at: number;
  readonly conditional: boolean;
  readonly isTakenOver: boolean;
}

/** Keeps a hold until it is given back or lost: renews it, and stops the run where that fails for too long. */
export function keepHold(place: Place, taken: TakenHead): Hold {
  const { store, prefix, clock } = place;
  const { conditional } = taken;
  const lost = new AbortController();
  let { head, version, at: provedAt } = taken;
  let isOver = false;
  let last: Promise<unknown> = Promise.resolve();
  let callOff = () => {};

  function lose(cause?: unknown): StaticFilesError {
    isOver = true;
    callOff();
    if (!lost.signal.aborted) lost.abort(lostTo(place, cause));
    return lost.signal.reason;
  }

  /** Wakes up when the hold is to be renewed, and again when that has not succeeded in time. */
  function watch(): void {
    if (isOver) return;
    const age = clock.now() - provedAt;
    if (age >= STOPS_AFTER) {
      lose();
      return;
    }
    const stop = clock.after(STOPS_AFTER - age, () => lose());
    const renewal = clock.after(Math.max(PROOF_LASTS - age, TRIED_AGAIN_AFTER), () => {
      write({}, NEVER).catch(() => watchAgain());
    });
    callOff = () => {
      stop();
      renewal();
    };
  }

  function watchAgain(): void {
    callOff();
    watch();
  }

  /** The writes of one run come one after the other. */
  function write(changes: Partial<Head>, signal: AbortSignal): Promise<void> {
    const writing = last.then(() => writeNow(changes, signal));
    last = writing.catch(() => {});
    return writing;
  }

  async function writeNow(changes: Partial<Head>, signal: AbortSignal): Promise<void> {
    const stop = AbortSignal.any([signal, lost.signal]);
    stop.throwIfAborted();
    const at = clock.now();
    try {
      if (!conditional) await adopt(stop);
      await put(changes, stop);
    } catch (error) {
      if (lost.signal.aborted) throw lost.signal.reason;
      if (!(error instanceof ConditionFailed)) throw error;
      // A write of this run that was given up may have arrived after all.
      await adopt(stop);
      await put(changes, stop).catch((again) => {
        throw again instanceof ConditionFailed ? lose(again) : again;
      });
    }
    provedAt = at;
    watchAgain();
  }

  async function put(changes: Partial<Head>, signal: AbortSignal): Promise<void> {
    const next = { ...head, ...changes, seq: head.seq + 1 };
    const condition = conditional ? { version } : undefined;
    version = await putInternal(place, HEAD_NAME, headBytes(next), { condition, signal });
    head = next;
  }

  /** Reads the head: it must be one that this run wrote. */
  async function adopt(signal: AbortSignal): Promise<void> {
    const found = await store.read(prefix + HEAD_NAME, signal);
    const there = found && parseHead(found.bytes);
    if (found === undefined || there?.run !== head.run) throw lose();
    version = found.version;
    head = { ...head, seq: Math.max(head.seq, there.seq) };
  }

  async function readProof(signal: AbortSignal): Promise<void> {
    const at = clock.now();
    await adopt(AbortSignal.any([signal, lost.signal]));
    provedAt = at;
  }

  watch();
  return {
    get head() {
      return head;
    },
    conditional,
    isTakenOver: taken.isTakenOver,
    lost: lost.signal,
    async prove(signal) {
      lost.signal.throwIfAborted();
      if (clock.now() - provedAt < PROOF_LASTS) return;
      await (conditional ? write({}, signal) : readProof(signal));
    },
    write,
    async giveBack(changes, signal) {
      await write({ state: 'free', ...changes }, signal).finally(() => {
        isOver = true;
        callOff();
      });
    },
  };
}

const NEVER = new AbortController().signal;

function lostTo({ name }: Place, cause: unknown): StaticFilesError {
  return new StaticFilesError(
    'overtaken',
    `Another run has taken over '${name}', since this one could not renew its hold, as after a pause of the process or the network. Run again.`,
    { cause },
  );
}
