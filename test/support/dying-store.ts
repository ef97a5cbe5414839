import type { ObjectStore } from '../../src/storages/objects/object-store.js';

/**
 * The store of a process that is killed when it is about to make a request: that one and later ones do not come to the
 * service.
 *
 * @param at is given a request, such as `put app.css`
 */
export function dyingStore(store: ObjectStore, at: (call: string) => boolean): ObjectStore {
  let isDead = false;
  const alive = <T>(call: string, make: () => Promise<T>): Promise<T> => {
    isDead ||= at(call);
    return isDead ? Promise.reject(new Error('The process was killed.')) : make();
  };
  return {
    ...store,
    read: (key, signal) => alive(`read ${key}`, () => store.read(key, signal)),
    put: (key, body, options) => alive(`put ${key}`, () => store.put(key, body, options)),
    remove: (keys, signal, versions) =>
      alive(`remove ${keys.join(' ')}`, () => store.remove(keys, signal, versions)),
  };
}
