import { setTimeout as pause } from 'node:timers/promises';

/** With no event for so long, what was going on has come to rest: a save, most of a checkout. */
const REST_MS = 15;
/** Longer where a file has gone: editors delete a file and write it anew. */
const REST_AFTER_LOSS_MS = 80;
/** As long as there is no rest: then what is there is taken. */
const LONGEST_MS = 400;

/** Waits for changes, and for them to come to rest. */
export interface Changes {
  /** @param isLoss whether a file seems to have gone */
  note(isLoss: boolean): void;
  /** Whether anything was noted that nobody has waited for yet. */
  pending(): boolean;
  /**
   * Resolves once something was noted and has come to rest.
   *
   * @returns when the first of it was noted, as `performance.now()` tells
   */
  next(signal: AbortSignal): Promise<number>;
}

export function createChanges(): Changes {
  let first: number | undefined;
  let restUntil = 0;
  let wake: (() => void) | undefined;

  return {
    note(isLoss) {
      const now = performance.now();
      first ??= now;
      restUntil = Math.max(restUntil, now + (isLoss ? REST_AFTER_LOSS_MS : REST_MS));
      wake?.();
    },
    pending: () => first !== undefined,
    async next(signal) {
      if (first === undefined) await noted(signal);
      const since = first ?? performance.now();
      for (;;) {
        const wait = Math.min(restUntil, since + LONGEST_MS) - performance.now();
        if (wait <= 0) break;
        await pause(Math.ceil(wait), undefined, { signal });
      }
      first = undefined;
      return since;
    },
  };

  function noted(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const abort = () => reject(signal.reason);
      if (signal.aborted) abort();
      signal.addEventListener('abort', abort, { once: true });
      wake = () => {
        wake = undefined;
        signal.removeEventListener('abort', abort);
        resolve();
      };
    });
  }
}
