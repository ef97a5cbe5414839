import { invalidOption } from '../../plugins/options.js';

/** Expected form of a mode, for messages. */
export const MODE = 'octal text such as "644", a number such as 0o644, or null for the umask';

/** A mode as text: `644`, `0o644`. */
export const OCTAL = /^(0o)?[0-7]{3,4}$/;

/**
 * Returns a permission mode from the settings: a number (as JavaScript reads `0o644`), octal text (`"644"`, `"0o644"`),
 * `undefined` for `null`, which leaves it to the umask, and the default if none is given.
 *
 * @throws StaticFilesError `settings` for anything else
 */
export function parseMode(
  option: string,
  value: number | string | null | undefined,
  defaultMode: number | undefined,
): number | undefined {
  if (value === undefined) return defaultMode;
  if (value === null) return undefined;
  if (!isMode(value))
    throw invalidOption("storage 'filesystem'", option, `expected ${MODE}, got ${JSON.stringify(value)}.`);
  return typeof value === 'string' ? parseOctal(value) : value;
}

/** Whether a value is a mode or `null`. */
export function isMode(value: number | string | null): boolean {
  if (value === null) return true;
  const mode = typeof value === 'string' ? parseOctal(value) : value;
  return Number.isInteger(mode) && mode >= 0 && mode <= 0o7777 && !isMistakenDecimal(value);
}

function parseOctal(text: string): number {
  return OCTAL.test(text) ? Number.parseInt(text.replace('0o', ''), 8) : Number.NaN;
}

/** Decimal digits of modes without write permission. Read as numbers they are modes that nobody gives: 400 is 0o620. */
const READ_ONLY: readonly unknown[] = [400, 440, 444, 500];

/**
 * JSON has no octal numbers. A 644 there is decimal, which is 0o1204: nobody means that. But 420 is 0o644, as JavaScript
 * passes it.
 */
function isMistakenDecimal(value: number | string): boolean {
  if (typeof value !== 'number') return false;
  return READ_ONLY.includes(value) || (value > 0o777 && /^[4-7][0-7][0-7]$/.test(String(value)));
}
