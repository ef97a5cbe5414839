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
