import { sharedSignal } from '../../concurrency/abort.js';
import { StaticFilesError } from '../../errors.js';
import { errorWithoutSecrets, withoutSecrets } from '../../secrets.js';
import {
  ConditionFailed,
  ConditionsRefused,
  type ListedObject,
  type ObjectBody,
  type ObjectStore,
  type PutOptions,
} from '../objects/object-store.js';
import { asError, describeNetworkFailure, ServiceLack } from './errors.js';
import { versionIfOurs } from './versions.js';

/** An object as it is in a service. */
export interface StoredObject {
  readonly bytes: Uint8Array;
  readonly version: string;
}

/** How a write went. */
export interface Sending {
  /** How often the request that stores the object was made. */
  attempts: number;
}

/** What a service brings: plain calls, which throw what its SDK throws. */
export interface ServiceCalls {
  list(prefix: string, signal: AbortSignal): AsyncIterable<readonly ListedObject[]>;
  /** Throws if there is none. */
  read(key: string, signal: AbortSignal): Promise<StoredObject>;
  put(
    key: string,
    body: ObjectBody,
    options: PutOptions,
    sending: Sending,
  ): Promise<{ readonly version: string }>;
  putHeaders(key: string, options: PutOptions): Promise<{ readonly version: string } | undefined>;
  /** Gives the keys of objects that were left alone, since they have another version. */
  remove(
    keys: readonly string[],
    signal: AbortSignal,
    versions: ReadonlyMap<string, string> | undefined,
  ): Promise<readonly string[]>;
  close?(): void;
}

/** How a service's errors are understood. */
export interface ServiceFailures {
  /** What no message may show. */
  readonly secrets: readonly string[];
  /** Whether there is no such object. */
  isAbsence(error: Error): boolean;
  /** Whether the condition of a write does not hold. */
  isUnmet(error: Error): boolean;
  /** Whether the service refuses conditions as such. */
  refusesConditions?(error: Error): boolean;
  /** In words, what is wrong and what to do, no full stop at its end; `undefined` if it is not a failure of the service. */
  describe(error: Error): string | undefined;
}

/** What is known of a service without a connection. */
type Known = Omit<ObjectStore, keyof ServiceCalls>;

/**
 * A store of a service. Its SDK is loaded at the first call, which commands that only look for files do without. Failures
 * are in words: a StaticFilesError `target` if the service or the network failed, the signal's reason if that is aborted.
 */
export function serviceStore(
  known: Known,
  failures: ServiceFailures,
  connect: () => Promise<ServiceCalls>,
): ObjectStore {
  let connected: Promise<ServiceCalls> | undefined;
  const calls = () => {
    connected ??= connect();
    return connected;
  };

  const read = (service: ServiceCalls, key: string, signal: AbortSignal) =>
    service.read(key, signal).catch((thrown) => {
      const error = asError(thrown);
      if (failures.isAbsence(error)) return undefined;
      throw error;
    });

  /** @param instead is called if the call fails; it may still give a result */
  async function run<T>(
    { action, key, signal }: Request,
    call: (calls: ServiceCalls, signal: AbortSignal) => Promise<T>,
    instead: (error: Error, calls: ServiceCalls, signal: AbortSignal) => Promise<T> = rethrow,
  ): Promise<T> {
    const shared = sharedSignal(signal);
    try {
      signal.throwIfAborted();
      const service = await calls();
      return await call(service, shared).catch((thrown) => instead(asError(thrown), service, shared));
    } catch (error) {
      if (signal.aborted) throw signal.reason;
      throw inWords(asError(error), `${action} '${known.displayUrl}/${key}'`, failures);
    }
  }

  return {
    ...known,
    async *list(prefix, signal) {
      try {
        signal.throwIfAborted();
        yield* (await calls()).list(prefix, sharedSignal(signal));
      } catch (error) {
        if (signal.aborted) throw signal.reason;
        throw inWords(asError(error), `list '${known.displayUrl}/${prefix}'`, failures);
      }
    },
    read: (key, signal) =>
      run({ action: 'read', key, signal }, (service, shared) => read(service, key, shared)),
    put(key, body, options) {
      const sending = { attempts: 0 };
      return run(
        { action: 'write', key, signal: options.signal },
        (service, signal) => service.put(key, body, { ...options, signal }, sending),
        async (error, service, signal) => {
          if (options.condition === undefined) throw error;
          if (failures.refusesConditions?.(error)) throw refused(error, failures);
          if (!failures.isUnmet(error)) throw error;
          // The answer to an earlier attempt may have been lost, after the service had stored the object.
          const stored = sending.attempts > 1 ? await read(service, key, signal) : undefined;
          const version = versionIfOurs(stored, body);
          if (version !== undefined) return { version };
          throw unmet(key, error);
        },
      );
    },
    putHeaders: (key, options) =>
      run<{ readonly version: string } | undefined>(
        { action: 'set the headers of', key, signal: options.signal },
        (service, signal) => service.putHeaders(key, { ...options, signal }),
        async (error) => {
          throw failures.isUnmet(error) || failures.isAbsence(error) ? unmet(key, error) : error;
        },
      ),
    remove: (keys, signal, versions) =>
      run(
        { action: keys.length > 1 ? 'remove objects such as' : 'remove', key: keys[0] ?? '', signal },
        (service, shared) => service.remove(keys, shared, versions),
      ),
    async close() {
      const service = await connected?.catch(() => undefined);
      service?.close?.();
    },
  };
}

interface Request {
  /** `write` */
  readonly action: string;
  readonly key: string;
  readonly signal: AbortSignal;
}

async function rethrow(error: Error): Promise<never> {
  throw error;
}

function unmet(key: string, cause: Error): ConditionFailed {
  return new ConditionFailed(`'${key}' is not as it was.`, { cause });
}

/** @returns an error whose message is the reason within a sentence */
function refused(error: Error, { secrets, describe }: ServiceFailures): ConditionsRefused {
  const reason = withoutSecrets(describe(error) ?? error.message, secrets);
  return new ConditionsRefused(reason, { cause: errorWithoutSecrets(error, secrets) });
}

function inWords(error: Error, action: string, { secrets, describe }: ServiceFailures): unknown {
  if (error instanceof StaticFilesError || error instanceof ConditionFailed) return error;
  if (error instanceof ConditionsRefused) return error;
  const clean = errorWithoutSecrets(error, secrets);
  const lack = error instanceof ServiceLack ? error.message : undefined;
  const reason = lack ?? describe(error) ?? describeNetworkFailure(error);
  if (reason === undefined) return clean;
  const message = withoutSecrets(`Cannot ${action}: ${reason}.`, secrets);
  return new StaticFilesError('target', message, { cause: clean });
}
