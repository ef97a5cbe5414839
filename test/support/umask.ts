import { isMainThread } from 'node:worker_threads';
import { onTestFinished } from 'vitest';

/**
 * Sets the umask until the test is over. A thread cannot do that, and keeps the umask of its process: mutation tests run
 * in threads.
 *
 * @returns what the umask leaves of a mode
 */
export function setUmask(umask: number): (mode: number) => number {
  if (isMainThread) {
    const before = process.umask(umask);
    onTestFinished(() => void process.umask(before));
  }
  const actual = process.umask();
  return (mode) => mode & ~actual;
}
