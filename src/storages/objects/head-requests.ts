import { HEAD_NAME } from '../destination.js';
import type { Clock } from './clock.js';
import { type Head, headBytes, parseHead } from './head-object.js';
import { type ObjectDestination, putInternal } from './object-destination.js';
import { type Condition, ConditionFailed } from './object-store.js';

/** The head as it was read, and its version. Both are absent before the first run. */
export interface SeenHead {
  readonly head?: Head;
  readonly version?: string;
}

/** How long a request of the head waits before it is made again beside the first one. Milliseconds. */
const ANSWERED_WITHIN = 4000;
/** So a hold outlives three connections that were forgotten on the way. */
const MOST_ATTEMPTS = 4;

/** Reads the head of a destination. */
export function lookAtHead(
  { store, prefix, clock }: ObjectDestination,
  signal: AbortSignal,
): Promise<SeenHead> {
  return firstAnswer(clock, signal, async (stop) => {
    const found = await store.read(prefix + HEAD_NAME, stop);
    return found ? { head: parseHead(found.bytes), version: found.version } : {};
  });
}

/**
 * Writes the head of a destination.
 *
 * @returns its version
 * @throws ConditionFailed
 */
export function putHead(
  destination: ObjectDestination,
  head: Head,
  { condition, signal }: { readonly condition: Condition | undefined; readonly signal: AbortSignal },
): Promise<string> {
  const { store, prefix, clock } = destination;
  const bytes = headBytes(head);
  return firstAnswer(clock, signal, async (stop, attempt) => {
    try {
      return await putInternal(destination, HEAD_NAME, bytes, { condition, signal: stop });
    } catch (error) {
      if (attempt === 1 || !(error instanceof ConditionFailed)) throw error;
      // An attempt before this one may have arrived.
      const found = await store.read(prefix + HEAD_NAME, stop);
      if (found && bytes.equals(found.bytes)) return found.version;
      throw error;
    }
  });
}

/**
 * Makes a small request again each time that it is not answered soon, and goes on with the answer that comes first. Earlier
 * attempts are not given up for that: the service may be slow, and the connection good.
 */
async function firstAnswer<T>(
  clock: Clock,
  signal: AbortSignal,
  request: (signal: AbortSignal, attempt: number) => Promise<T>,
): Promise<T> {
  const stop = new AbortController();
  const abort = () => stop.abort(signal.reason);
  // Not AbortSignal.any(): a signal never forgets its followers, and a run makes many of these requests.
  signal.addEventListener('abort', abort, { once: true });
  if (signal.aborted) abort();
  let attempts = 0;
  let cancel = () => {};
  try {
    return await new Promise<T>((resolve, reject) => {
      const begin = () => {
        attempts += 1;
        if (attempts < MOST_ATTEMPTS) cancel = clock.after(ANSWERED_WITHIN, begin);
        request(stop.signal, attempts).then(resolve, reject);
      };
      begin();
    });
  } finally {
    cancel();
    signal.removeEventListener('abort', abort);
    if (attempts > 1) stop.abort();
  }
}
