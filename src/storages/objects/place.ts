import { setTimeout as sleep } from 'node:timers/promises';
import { StaticFilesError } from '../../errors.js';
import type { Warning } from '../../model/static-file.js';
import { type Condition, ConditionFailed, type ObjectHeaders, type ObjectStore } from './object-store.js';

/** The objects of one prefix of a store. */
export interface Place {
  readonly store: ObjectStore;
  /** `''`, or ends in `/`. */
  readonly prefix: string;
  /** For messages: `s3://my-bucket/static/`. */
  readonly name: string;
  /** Whether an index object is kept. */
  readonly indexed: boolean;
  /** Whether the service keeps to conditions; `undefined` if that must be found out. */
  readonly conditional: boolean | undefined;
  readonly clock: Clock;
  warn(warning: Warning): void;
}

/** How an object is served that is for this tool alone, if somebody asks for it. */
const HEADERS: ObjectHeaders = { contentType: 'application/json', cacheControl: 'no-store', metadata: {} };

/**
 * Stores an object that is for this tool alone.
 *
 * @returns its version
 * @throws ConditionFailed
 */
export async function putInternal(
  { store, prefix }: Place,
  name: string,
  bytes: Uint8Array,
  { condition, signal }: { readonly condition: Condition | undefined; readonly signal: AbortSignal },
): Promise<string> {
  const body = {
    size: bytes.length,
    bytes: () => bytes,
    chunks: async function* () {
      yield bytes;
    },
  };
  const options = { headers: HEADERS, internal: true, signal, ...(condition && { condition }) };
  return (await store.put(prefix + name, body, options)).version;
}

/** The condition that an object is as it was seen. */
export function asSeen(version: string | undefined): Condition {
  return version === undefined ? { absent: true } : { version };
}

/** Turns a condition that does not hold into the error that says so to users, and makes collectstatic plan again. */
export async function unlessOvertaken<T>({ name }: Place, write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (cause) {
    if (cause instanceof ConditionFailed) throw overtaken(name, cause);
    throw cause;
  }
}

/** Another run was faster than this one, which has read what is no longer true. */
export function overtaken(name: string, cause?: unknown): StaticFilesError {
  return new StaticFilesError(
    'overtaken',
    `Something else has written to '${name}' since this run looked. Run again when it has finished.`,
    { cause },
  );
}

/** The time, as far as the hold of a destination depends on it. Tests have one of their own. */
export interface Clock {
  /** Milliseconds since some moment; it never goes back. */
  now(): number;
  /**
   * Milliseconds since 1970.
   *
   * @param told what the service's clock says, if it said so: the clocks of two machines are not compared
   */
  date(told?: number): number;
  /** Resolves after some milliseconds; rejects with the signal's reason. */
  wait(milliseconds: number, signal: AbortSignal): Promise<void>;
  /**
   * Calls back after some milliseconds, and does not keep the process alive for that.
   *
   * @returns what calls it off
   */
  after(milliseconds: number, callback: () => void): () => void;
}

export const systemClock: Clock = {
  now: () => performance.now(),
  date: (told = Date.now()) => told,
  async wait(milliseconds, signal) {
    await sleep(milliseconds, undefined, { signal }).catch(() => {});
    signal.throwIfAborted(); // the timer has an error of its own
  },
  after(milliseconds, callback) {
    const timer = setTimeout(callback, milliseconds).unref();
    return () => clearTimeout(timer);
  },
};
