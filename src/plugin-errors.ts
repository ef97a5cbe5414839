import { StaticFilesError } from './errors.js';

/**
 * Runs a call into a plug-in. What it throws is wrapped once, with its name and the cause; errors that are meant
 * for people already, and the reason of an aborted signal, pass through.
 *
 * @param plugin as a person would know it: `storage 'filesystem'`
 */
export async function runPlugin<T>(
  plugin: string,
  call: () => T | Promise<T>,
  signal?: AbortSignal,
): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (error instanceof StaticFilesError || signal?.aborted) throw error;
    const message = error instanceof Error ? error.message : String(error);
    throw new StaticFilesError('plugin', `The ${plugin} failed: ${message}`, { cause: error });
  }
}
