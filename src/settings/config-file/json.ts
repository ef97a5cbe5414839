import { StaticFilesError } from '../../errors.js';

/**
 * The value of a JSON text; a byte order mark is passed over.
 *
 * @param file - where the text came from, for the error
 * @throws {StaticFilesError} `settings`, with the line and column where the parser gives the place
 */
export function parseJson(text: string, file: string): unknown {
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
