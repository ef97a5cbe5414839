import { StaticFilesError } from '../../errors.js';
import type { Warning } from '../../model/static-file.js';
import type { Clock } from './clock.js';
import { type Condition, ConditionFailed, type ObjectHeaders, type ObjectStore } from './object-store.js';

/** A destination on a service: the objects of one prefix. */
export interface ObjectDestination {
  readonly store: ObjectStore;
  /** `''`, or ends in `/`. */
  readonly prefix: string;
  /** For messages: `s3://my-bucket/static/`. */
  readonly name: string;
  /** Whether an index object is kept. */
  readonly indexed: boolean;
  /** Whether the service honours conditions. `undefined` if that must be found out. */
  readonly conditional: boolean | undefined;
  readonly clock: Clock;
  /**
   * The runs that this process has begun here and given up: their hold was lost, or taking or ending it failed. A head that
   * still has the id of one of them belongs to nobody.
   */
  readonly endedRuns: Set<string>;
  warn(warning: Warning): void;
}

/** The headers of the objects that only this tool reads, in case somebody requests them. */
const INTERNAL_HEADERS: ObjectHeaders = {
  contentType: 'application/json',
  cacheControl: 'no-store',
  metadata: {},
};

/**
 * Stores an object that only this tool reads: the head or the index.
 *
 * @returns its version
 * @throws ConditionFailed
 */
export async function putInternal(
  { store, prefix }: ObjectDestination,
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
  const options = { headers: INTERNAL_HEADERS, internal: true, signal, ...(condition && { condition }) };
  return (await store.put(prefix + name, body, options)).version;
}

/** Returns the condition that an object still has the version that was seen, or is still absent. */
export function asSeen(version: string | undefined): Condition {
  return version === undefined ? { absent: true } : { version };
}

/** Turns a {@link ConditionFailed} into the error `overtaken`, at which collectstatic plans again. */
export async function unlessOvertaken<T>({ name }: ObjectDestination, write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (cause) {
    if (cause instanceof ConditionFailed) throw overtaken(name, cause);
    throw cause;
  }
}

/** Returns the error for a run that has read what another run has changed since. */
export function overtaken(name: string, cause?: unknown): StaticFilesError {
  return new StaticFilesError(
    'overtaken',
    `Another run or program has written to '${name}' since this run looked. Run again when it has finished.`,
    { cause },
  );
}
