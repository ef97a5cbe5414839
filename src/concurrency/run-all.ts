/**
 * Handles all items, a few at a time; the first failure ends it once those under way have settled.
 *
 * @param lanes how many are handled at a time
 * @throws the signal's reason, and what the first failure throws
 */
export async function inLanes<T>(
  items: readonly T[],
  lanes: number,
  signal: AbortSignal,
  handle: (item: T) => Promise<void>,
): Promise<void> {
  const queue = items.values();
  let failed = false;
  const lane = async () => {
    for (const item of queue) {
      if (failed) return;
      signal.throwIfAborted();
      await handle(item);
    }
  };
  const running = Array.from({ length: lanes }, () =>
    lane().catch((error) => {
      failed = true;
      throw error;
    }),
  );
  for (const result of await Promise.allSettled(running))
    if (result.status === 'rejected') throw result.reason;
}

/**
 * Does a step at all hosts side by side. The first failure ends it at the others too.
 *
 * @returns what each step returned, in the order of the hosts
 * @throws the signal's reason, and what the first failure throws
 */
export async function onAllHosts<Host, Result>(
  hosts: readonly Host[],
  signal: AbortSignal,
  step: (host: Host, signal: AbortSignal) => Promise<Result>,
): Promise<readonly Result[]> {
  const failed = new AbortController();
  const either = AbortSignal.any([signal, failed.signal]);
  const settled = await Promise.allSettled(
    hosts.map((host) =>
      step(host, either).catch((error) => {
        failed.abort(error);
        throw error;
      }),
    ),
  );
  signal.throwIfAborted();
  failed.signal.throwIfAborted();
  return settled.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
}
