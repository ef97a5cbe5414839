import { StaticFilesError } from '../../errors.js';
import type { Head } from './head-object.js';
import { lookAtHead, putHead } from './head-requests.js';
import type { ObjectDestination } from './object-destination.js';
import { ConditionFailed } from './object-store.js';

/** How often a hold is renewed. Milliseconds. */
const RENEWED_EVERY = 5000;
/** How old its proof may be when something is sent that must not arrive late. */
const PROOF_LASTS = 10_000;
/** A run that could not prove its hold for this long stops by itself, before another one takes over. */
const STOPS_AFTER = 20_000;
/** How soon a renewal that failed is tried again. */
const TRIED_AGAIN_AFTER = 1000;

/** The right to write to a destination. The head object gives it to one run at a time. */
export interface Hold {
  /** The head that this run wrote last. */
  readonly head: Head;
  /** Whether the service honours conditions. Otherwise, the hold relies on waiting long enough. */
  readonly conditional: boolean;
  /** Whether it was taken from a run that no longer showed a sign of life. */
  readonly isTakenOver: boolean;
  /** Aborted when the hold is lost, with the error to throw. */
  readonly lost: AbortSignal;
  /** Makes sure that this run still has the hold, unless that was proved a moment ago. */
  prove(signal: AbortSignal): Promise<void>;
  /** Changes fields of the head, which also proves the hold. */
  write(changes: Partial<Head>, signal: AbortSignal): Promise<void>;
  /** Ends the hold, with the fields of the head that the next run needs. */
  giveBack(changes: Partial<Head>, signal: AbortSignal): Promise<void>;
}

/** A head that a run has written to take a destination. */
export interface TakenHead {
  readonly head: Head;
  readonly version: string;
  /** When the request that took it began, by the run's clock. */
  readonly at: number;
  readonly conditional: boolean;
  readonly isTakenOver: boolean;
}

/** Renews a hold until it is given back or lost. Stops the run if renewing fails for too long. */
export function keepHold(destination: ObjectDestination, taken: TakenHead): Hold {
  const { clock } = destination;
  const { conditional } = taken;
  const lost = new AbortController();
  let { head, version, at: provedAt } = taken;
  let isOver = false;
  let last: Promise<unknown> = Promise.resolve();
  let cancelTimers = () => {};

  function end(): void {
    isOver = true;
    cancelTimers();
    destination.endedRuns.add(head.run);
  }

  function lose(reason: StaticFilesError): StaticFilesError {
    end();
    if (!lost.signal.aborted) lost.abort(reason);
    return lost.signal.reason;
  }

  /** Sets a timer for the renewal, and one that loses the hold if the renewal does not succeed in time. */
  function watch(): void {
    if (isOver) return;
    const age = clock.now() - provedAt;
    if (age >= STOPS_AFTER) {
      lose(notProved(destination));
      return;
    }
    const stop = clock.after(STOPS_AFTER - age, () => lose(notProved(destination)));
    const renewal = clock.after(Math.max(RENEWED_EVERY - age, TRIED_AGAIN_AFTER), () => {
      write({}, NEVER).catch(() => watchAgain());
    });
    cancelTimers = () => {
      stop();
      renewal();
    };
  }

  function watchAgain(): void {
    cancelTimers();
    watch();
  }

  /** Writes one after the other. */
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
      // A write of this run that failed may have arrived after all.
      await adopt(stop);
      await put(changes, stop).catch((again) => {
        throw again instanceof ConditionFailed ? lose(lostTo(destination, again)) : again;
      });
    }
    provedAt = at;
    watchAgain();
  }

  async function put(changes: Partial<Head>, signal: AbortSignal): Promise<void> {
    const next = { ...head, ...changes, seq: head.seq + 1 };
    const condition = conditional ? { version } : undefined;
    version = await putHead(destination, next, { condition, signal });
    head = next;
  }

  /** Reads the head and makes sure that this run wrote it. */
  async function adopt(signal: AbortSignal): Promise<void> {
    const found = await lookAtHead(destination, signal);
    if (found.version === undefined || found.head?.run !== head.run) throw lose(lostTo(destination));
    version = found.version;
    head = { ...head, seq: Math.max(head.seq, found.head.seq) };
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
      await write({ state: 'free', ...changes }, signal).finally(end);
    },
  };
}

const NEVER = new AbortController().signal;

function lostTo({ name }: ObjectDestination, cause?: unknown): StaticFilesError {
  return new StaticFilesError(
    'overtaken',
    `Another run has taken over '${name}', because this one could not renew its hold. The process or the network may have paused. Run again.`,
    { cause },
  );
}

function notProved({ name }: ObjectDestination): StaticFilesError {
  return new StaticFilesError(
    'overtaken',
    `This run could not renew its hold on '${name}' for ${STOPS_AFTER / 1000} s, so it stopped before another run takes over. The process or the network may have paused. Run again.`,
  );
}
