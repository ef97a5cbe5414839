/**
 * Returns a function that calls the task, but only after its earlier calls have ended, failed or not. So a slow reload
 * never replaces what a later one has read.
 */
export function oneAtATime(task: () => Promise<void>): () => Promise<void> {
  let last: Promise<void> = Promise.resolve();
  return () => {
    const call = last.then(task);
    last = call.catch(() => {});
    return call;
  };
}
