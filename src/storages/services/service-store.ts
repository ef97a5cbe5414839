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

/** An object of a service. */
export interface StoredObject {
  readonly bytes: Uint8Array;
  readonly version: string;
}

/** A write, as it goes on. */
export interface Sending {
  /** How often the request that stores the object has been made. */
  attempts: number;
}

/** The calls of a service. They throw what its SDK throws. */
export interface ServiceCalls {
  list(prefix: string, signal: AbortSignal): AsyncIterable<readonly ListedObject[]>;
  /** Throws if there is no such object. */
  read(key: string, signal: AbortSignal): Promise<StoredObject>;
  put(
    key: string,
    body: ObjectBody,
    options: PutOptions,
    sending: Sending,
  ): Promise<{ readonly version: string }>;
  putHeaders(key: string, options: PutOptions): Promise<{ readonly version: string } | undefined>;
  /** Returns the keys of objects that were left alone because they have another version. */
  remove(
    keys: readonly string[],
    signal: AbortSignal,
    versions: ReadonlyMap<string, string> | undefined,
  ): Promise<readonly string[]>;
  close?(): void;
}

/** What the errors of a service mean. */
export interface ServiceFailures {
  /** Texts that no message may show. */
  readonly secrets: readonly string[];
  /** Whether the error says that there is no such object. */
  isAbsence(error: Error): boolean;
  /** Whether the error says that the condition of a write is not met. */
  isUnmet(error: Error): boolean;
  /** Whether the error says that the service does not support conditions. */
  refusesConditions?(error: Error): boolean;
  /**
   * Returns what is wrong and what to do, without a full stop at the end. `undefined` if it is not a failure of the service.
   */
  describe(error: Error): string | undefined;
}

/** The parts of a store that need no connection. */
type Known = Omit<ObjectStore, keyof ServiceCalls>;

/**
 * Returns a store that calls a service. The SDK is loaded at the first call, so commands like findstatic never load it.
 * If the service or the network fails, the store throws a StaticFilesError `target` that says what to do. If the signal is
 * aborted, it throws the signal's reason.
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

  /** @param instead called if the call fails. It may still return a result */
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
          // An earlier attempt may have stored the object although its answer was lost.
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
  return new ConditionFailed(`'${key}' has another version now.`, { cause });
}

/** Returns the version of an object that has the bytes which this run has sent; `undefined` if it has others. */
function versionIfOurs(stored: StoredObject | undefined, body: ObjectBody): string | undefined {
  if (stored?.bytes.byteLength !== body.size) return undefined;
  return Buffer.compare(stored.bytes, body.bytes()) === 0 ? stored.version : undefined;
}

/** @returns an error whose message is a reason */
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
