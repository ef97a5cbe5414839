import { setTimeout as pause } from 'node:timers/promises';

/** A pause this long ends a group of changes, such as those of a checkout. */
const REST_MS = 15;
/** Shorter after the edit of one file: nothing else belongs to it. */
const REST_AFTER_EDIT_MS = 5;
/** Longer after a file has gone: editors delete a file and write it again. */
const REST_AFTER_LOSS_MS = 80;
/** Without a pause, a group ends after this time. */
const LONGEST_MS = 400;

/** Groups changes that come shortly after one another. */
export interface Changes {
  /**
   * @param systemPath of the file or folder
   * @param kind `loss` if a file is gone, `edit` if one has other bytes
   */
  note(systemPath: string, kind: ChangeKind): void;
  /** Whether there are changes that `next` has not returned yet. */
  pending(): boolean;
  /**
   * Waits for changes, and for the pause that ends their group.
   *
   * @returns the time of the first of them, on the clock of `performance.now()`
   * @throws the signal's reason, if it is aborted
   */
  next(signal: AbortSignal): Promise<number>;
}

type ChangeKind = 'edit' | 'loss' | 'other';

export function createChanges(): Changes {
  let first: number | undefined;
  /** The file that was edited, if nothing else has changed. */
  let edited: string | undefined;
  let restUntil = 0;
  let wake: (() => void) | undefined;

  return {
    note(systemPath, kind) {
      const now = performance.now();
      const isAlone = kind === 'edit' && (first === undefined || edited === systemPath);
      edited = isAlone ? systemPath : undefined;
      first ??= now;
      const rest = kind === 'loss' ? REST_AFTER_LOSS_MS : isAlone ? REST_AFTER_EDIT_MS : REST_MS;
      restUntil = Math.max(restUntil, now + rest);
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
