import { setMaxListeners } from 'node:events';

const shared = new WeakMap<AbortSignal, AbortSignal>();

/**
 * A signal that is aborted with another one, for many calls at a time: each listens to it, and Node.js would warn of a
 * leak after ten. One for each signal, since the list of those that follow it is never cut.
 */
export function sharedSignal(signal: AbortSignal): AbortSignal {
  let follower = shared.get(signal);
  if (follower === undefined) {
    follower = AbortSignal.any([signal]);
    setMaxListeners(0, follower);
    shared.set(signal, follower);
  }
  return follower;
}
