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

/**
 * The value of a JSON text; a byte order mark is passed over.
 *
 * @param file - where the text came from, for the error
 * @throws {StaticFilesError} `settings`, with the line and column where the parser gives the place
 */
export function parseSettingsJson(text: string, file: string): unknown {
  const json = text.replace(/^\uFEFF/, '');
  try {
    return JSON.parse(json);
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new StaticFilesError('settings', `'${file}' is no valid JSON: ${withPlace(message, json)}.`, {
      cause,
    });
  }
}

/** Node 20 gives the place as an offset, later ones also as line and column; and none for some errors. */
function withPlace(message: string, json: string): string {
  const offset = /at position (\d+)$/.exec(message)?.[1];
  if (offset === undefined) return message;
  const lines = json.slice(0, Number(offset)).split('\n');
  return `${message} (line ${lines.length} column ${lines.at(-1)!.length + 1})`;
}
