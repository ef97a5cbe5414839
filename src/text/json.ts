import { StaticFilesError } from '../errors.js';

/**
 * Returns the value of a JSON text that a person has written. A byte order mark is skipped.
 *
 * @param file named in the message
 * @throws StaticFilesError `settings`: `staticfiles.config.json:3:14: invalid JSON: expected property name or '}'.`
 */
export function parseJson(text: string, file: string): unknown {
  const json = text.replace(/^\uFEFF/, '');
  try {
    return JSON.parse(json);
  } catch (cause) {
    const { line, column, message } = describeSyntaxError(cause, json);
    throw new StaticFilesError('settings', `${file}:${line}:${column}: invalid JSON: ${message}.`, { cause });
  }
}

/**
 * Returns the object in a JSON text that collectstatic has written.
 *
 * @param where named in the message
 * @throws StaticFilesError `target` if it is something else, for example half of it
 */
export function parsePublishedJson(text: string, where: string): Readonly<Record<string, unknown>> {
  const damaged = (why: string, cause?: unknown) =>
    new StaticFilesError('target', `'${where}' is damaged (${why}). Run collectstatic again.`, { cause });
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw damaged(error instanceof Error ? error.message : String(error), error);
  }
  if (!isRecord(value)) throw damaged('it is not a JSON object');
  return value;
}

/** Whether a value is an object with keys, not `null` and not a list. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

interface SyntaxProblem {
  /** From 1, as editors count. */
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

function describeSyntaxError(error: unknown, json: string): SyntaxProblem {
  const text = messageOf(error);
  const offset = / at position (\d+)/.exec(text)?.[1] ?? offsetWithoutPosition(json);
  const lines = json.slice(0, Number(offset)).split('\n');
  // Without the position, and without the excerpt of the file.
  const words = text
    .replace(/ (in|after) JSON at position .*|, [."].* is not valid JSON$/s, '')
    .replace('JSON input', 'file');
  const message = words.charAt(0).toLowerCase() + words.slice(1);
  return { line: lines.length, column: lines.at(-1)!.length + 1, message };
}

/** Node.js gives no position of an unexpected token. It is where the shortest text ends that has one. */
function offsetWithoutPosition(json: string): number {
  let valid = 0;
  let invalid = json.length + 1;
  while (valid + 1 < invalid) {
    const length = (valid + invalid) >> 1;
    if (hasUnexpectedToken(json.slice(0, length))) invalid = length;
    else valid = length;
  }
  return valid;
}

function hasUnexpectedToken(json: string): boolean {
  try {
    JSON.parse(json);
    return false;
  } catch (error) {
    return messageOf(error).startsWith('Unexpected token');
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
