import { StaticFilesError } from '../../errors.js';

/**
 * Parses a permission mode: a number (`0o644`), octal text (`"644"`, `"0o644"`), `null` for the umask's, or `undefined` for
 * the default.
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
  const mode = typeof value === 'string' ? parseOctal(value) : value;
  if (Number.isInteger(mode) && mode >= 0 && mode <= 0o7777 && !isMistakenDecimal(value)) return mode;
  throw new StaticFilesError(
    'settings',
    `storages.staticfiles.options.${option} is ${JSON.stringify(value)}. ` +
      'Write octal text such as "644", a number such as 0o644, or null for the umask.',
  );
}

function parseOctal(text: string): number {
  return /^(0o)?[0-7]{3,4}$/.test(text) ? Number.parseInt(text.replace('0o', ''), 8) : Number.NaN;
}

/** JSON has no octal numbers. A 644 there is decimal, which is 0o1204: nobody means that. */
function isMistakenDecimal(value: number | string): boolean {
  return typeof value === 'number' && /^[4-7][0-7][0-7]$/.test(String(value));
}
