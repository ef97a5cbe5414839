import type { ObjectStore } from '../objects/object-store.js';

/** What a store is asked for. */
export type StoreCalls = Required<Pick<ObjectStore, 'list' | 'read' | 'put' | 'putHeaders' | 'remove'>>;

/**
 * A store that is connected to when it is first asked for something: until then nothing of its SDK is loaded, which
 * commands that only look for files would do without.
 *
 * @param known what is known without that
 */
export function lazyStore(
  known: Omit<ObjectStore, keyof StoreCalls>,
  connect: () => Promise<StoreCalls>,
): ObjectStore {
  let connected: Promise<StoreCalls> | undefined;
  const calls = () => {
    connected ??= connect();
    return connected;
  };
  return {
    ...known,
    async *list(prefix, signal) {
      yield* (await calls()).list(prefix, signal);
    },
    read: async (key, signal) => (await calls()).read(key, signal),
    put: async (key, body, options) => (await calls()).put(key, body, options),
    putHeaders: async (key, options) => (await calls()).putHeaders(key, options),
    remove: async (keys, signal, versions) => (await calls()).remove(keys, signal, versions),
  };
}
