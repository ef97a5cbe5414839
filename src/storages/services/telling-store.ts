import { StaticFilesError } from '../../errors.js';
import {
  ConditionFailed,
  ConditionsRefused,
  type ObjectStore,
  type PutOptions,
} from '../objects/object-store.js';
import { describeNetworkFailure } from './network.js';
import { withoutSecrets } from './secrets.js';
import { sharedSignal } from './shared-signal.js';

/** How a service's failures are told to people. */
export interface FailureWords {
  /** What no message may show. */
  readonly secrets: readonly string[];
  /** In words, what is wrong and what to do, no full stop at its end; `undefined` where it is no failure of the service. */
  describe(error: Error): string | undefined;
}

/**
 * A store whose failures are told in words: a StaticFilesError `target` where the service or the network failed, the
 * signal's reason where that is aborted. The signals that it gives on can be listened to any number of times.
 */
export function tellingStore(store: ObjectStore, words: FailureWords): ObjectStore {
  const told = (error: unknown, action: string, key: string, signal: AbortSignal) => {
    if (signal.aborted) return signal.reason;
    return error instanceof Error ? toldFailure(error, `${action} '${store.place}/${key}'`, words) : error;
  };
  const run = async <T>(
    action: string,
    key: string,
    signal: AbortSignal,
    call: (signal: AbortSignal) => Promise<T>,
  ): Promise<T> => {
    try {
      signal.throwIfAborted();
      return await call(sharedSignal(signal));
    } catch (error) {
      throw told(error, action, key, signal);
    }
  };
  const write = <T>(
    action: string,
    key: string,
    options: PutOptions,
    call: (options: PutOptions) => Promise<T>,
  ) => run(action, key, options.signal, (signal) => call({ ...options, signal }));

  return {
    ...store,
    async *list(prefix, signal) {
      try {
        signal.throwIfAborted();
        yield* store.list(prefix, sharedSignal(signal));
      } catch (error) {
        throw told(error, 'list', prefix, signal);
      }
    },
    read: (key, given) => run('read', key, given, (signal) => store.read(key, signal)),
    put: (key, body, given) => write('write', key, given, (options) => store.put(key, body, options)),
    ...(store.putHeaders && {
      putHeaders: (key: string, given: PutOptions) =>
        write('set the headers of', key, given, (options) => store.putHeaders!(key, options)),
    }),
    remove: (keys, given, versions) =>
      run(keys.length > 1 ? 'remove objects such as' : 'remove', keys[0] ?? '', given, (signal) =>
        store.remove(keys, signal, versions),
      ),
  };
}

function toldFailure(error: Error, action: string, { secrets, describe }: FailureWords): Error {
  if (error instanceof StaticFilesError || error instanceof ConditionFailed) return error;
  if (error instanceof ConditionsRefused) return error;
  const reason = describe(error) ?? describeNetworkFailure(error);
  const isDefect = reason === undefined && withoutSecrets(error.message, secrets) === error.message;
  if (isDefect) return error;
  const message = `Cannot ${action}: ${reason ?? error.message}.`;
  return new StaticFilesError('target', withoutSecrets(message, secrets), { cause: error });
}
