type Task = () => unknown;

const tasks: Task[] = [];

/**
 * Has something done after the tests of the current file. Several test files share this module, so `afterAll` in a module
 * of `test/support/` would do it for the first of them only.
 */
export function afterFile(task: Task): void {
  tasks.push(task);
}

/** Does what was asked for, the latest first. */
export async function endFile(): Promise<void> {
  for (const task of tasks.splice(0).reverse()) await task();
}
