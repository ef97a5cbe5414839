import { StaticFilesError } from '../errors.js';
import { SIGNAL_EXIT_CODES, type SignalSource, type StopSignal } from './terminal.js';

/** Signals as an abort of the run. */
export interface Interruption {
  /** Aborted by the first signal. Its reason is an `interrupted` error. */
  readonly signal: AbortSignal;
  /** Returns the signal that came, if any. */
  stoppedBy(): StopSignal | undefined;
  /** Restores what the system does at these signals. */
  stopListening(): void;
}

const NAMES = Object.keys(SIGNAL_EXIT_CODES) as StopSignal[];

/** Stops the run properly at the first SIGINT or SIGTERM, and exits at the second one. */
export function listenForInterruption(source: SignalSource): Interruption {
  const controller = new AbortController();
  let first: StopSignal | undefined;
  const onSignal = (name: StopSignal): void => {
    if (first !== undefined) source.exit(SIGNAL_EXIT_CODES[name]);
    first ??= name;
    controller.abort(new StaticFilesError('interrupted', 'Interrupted.'));
  };
  for (const name of NAMES) source.on(name, onSignal);
  return {
    signal: controller.signal,
    stoppedBy: () => first,
    stopListening() {
      for (const name of NAMES) source.off(name, onSignal);
    },
  };
}

/**
 * Returns the result of the work, or throws the signal's reason as soon as it is aborted. Only for work that changes
 * nothing and takes no signal: it goes on in the background.
 */
export async function orInterrupted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const stopWaiting = new AbortController();
  const interrupted = new Promise<never>((_, reject) => {
    const interrupt = () => reject(signal.reason);
    if (signal.aborted) interrupt();
    signal.addEventListener('abort', interrupt, { once: true, signal: stopWaiting.signal });
  });
  try {
    return await Promise.race([work, interrupted]);
  } finally {
    stopWaiting.abort();
  }
}
