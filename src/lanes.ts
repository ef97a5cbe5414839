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
