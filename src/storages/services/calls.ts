import { StaticFilesError } from '../../errors.js';
import { ConditionFailed } from '../objects/object-store.js';
import { describeNetworkFailure } from './network.js';
import { withoutSecrets } from './secrets.js';
import { sharedSignal } from './shared-signal.js';

/** How a service's failures are told to people. */
export interface FailureWords {
  /** `s3://my-bucket` */
  readonly place: string;
  /** What no message may show. */
  readonly secrets: readonly string[];
  /** In words, what is wrong and what to do, no full stop at its end; `undefined` where it is no failure of the service. */
  describe(error: Error): string | undefined;
}

/** Calls to a service. */
export interface Calls {
  /**
   * Makes a call.
   *
   * @param action `write`
   * @param key of what; also the beginning of keys
   * @param call is given a signal that any number of calls can listen to
   * @throws the signal's reason where it was aborted; StaticFilesError `target` where the service or the network failed;
   *   else what the call throws
   */
  run<T>(
    action: string,
    key: string,
    signal: AbortSignal,
    call: (signal: AbortSignal) => Promise<T>,
  ): Promise<T>;
  /** The same for a call that gives one thing after the other. */
  each<T>(
    action: string,
    key: string,
    signal: AbortSignal,
    things: (signal: AbortSignal) => AsyncIterable<T>,
  ): AsyncIterable<T>;
}

export function createCalls(words: FailureWords): Calls {
  const failure = (error: unknown, action: string, key: string, signal: AbortSignal) => {
    if (signal.aborted) return signal.reason;
    return error instanceof Error ? toldFailure(error, `${action} '${words.place}/${key}'`, words) : error;
  };
  return {
    async run(action, key, signal, call) {
      try {
        signal.throwIfAborted();
        return await call(sharedSignal(signal));
      } catch (error) {
        throw failure(error, action, key, signal);
      }
    },
    async *each(action, key, signal, things) {
      try {
        signal.throwIfAborted();
        yield* things(sharedSignal(signal));
      } catch (error) {
        throw failure(error, action, key, signal);
      }
    },
  };
}

function toldFailure(error: Error, action: string, { secrets, describe }: FailureWords): Error {
  if (error instanceof StaticFilesError || error instanceof ConditionFailed) return error;
  const reason = describe(error) ?? describeNetworkFailure(error);
  const isDefect = reason === undefined && withoutSecrets(error.message, secrets) === error.message;
  if (isDefect) return error;
  const message = `Cannot ${action}: ${reason ?? error.message}.`;
  return new StaticFilesError('target', withoutSecrets(message, secrets), { cause: error });
}
