import { StaticFilesError } from '../errors.js';

/**
 * Reads an object from JSON.
 *
 * @param where shown in messages
 * @throws StaticFilesError `target` where it is something else, half of it for example
 */
export function parseJson(text: string, where: string): Readonly<Record<string, unknown>> {
  const damaged = (why: string, cause?: unknown) =>
    new StaticFilesError('target', `'${where}' is damaged (${why}). Run collectstatic again.`, { cause });
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw damaged(error instanceof Error ? error.message : String(error), error);
  }
  if (!isRecord(value)) throw damaged('it holds no JSON object');
  return value;
}

/** Whether a value is an object with keys: neither `null` nor a list. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
