import { StaticFilesError } from '../errors.js';
import { SIGNAL_EXIT_CODES, type SignalSource, type StopSignal } from './terminal.js';

/** Signals, turned into an abort of the run. */
export interface Interruption {
  /** Aborted by the first signal, with an `interrupted` error as its reason. */
  readonly signal: AbortSignal;
  /** The signal that came, if any. */
  stoppedBy(): StopSignal | undefined;
  /** Gives the signals back to the system. */
  stopListening(): void;
}

const NAMES = Object.keys(SIGNAL_EXIT_CODES) as StopSignal[];

/** Lets the first SIGINT or SIGTERM stop the run in good order, and the second one at once. */
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

/** The work's result, or the signal's reason as soon as it is aborted: for work that changes nothing and takes no signal. */
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
