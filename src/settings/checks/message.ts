import { StaticFilesError } from '../../errors.js';
import type { Warning } from '../../model/static-file.js';

/**
 * What a check of the settings found. The code begins with `E` for an error and with `W` for a warning;
 * docs/checks.md lists them all.
 */
export interface CheckMessage extends Warning {
  /** What to do about it. */
  readonly hint?: string;
}

/**
 * The messages as Django prints those of its system checks: errors first, then warnings. No newline at the end.
 *
 * @example
 * formatChecks([{ code: 'E001', message: 'The staticfilesDirs setting is not a list.' }]);
 * // System check identified some issues:
 * //
 * // ERRORS:
 * // ?: (staticfiles.E001) The staticfilesDirs setting is not a list.
 */
export function formatChecks(messages: readonly CheckMessage[]): string {
  return [
    'System check identified some issues:',
    ...formatGroup('ERRORS', messages.filter(isError)),
    ...formatGroup(
      'WARNINGS',
      messages.filter((message) => !isError(message)),
    ),
  ].join('\n');
}

/**
 * Throws one error with all messages if any of them is an error.
 *
 * @throws {StaticFilesError} `settings`
 */
export function throwOnErrors(messages: readonly CheckMessage[]): void {
  if (messages.some(isError)) throw new StaticFilesError('settings', formatChecks(messages));
}

function isError(message: CheckMessage): boolean {
  return message.code.startsWith('E');
}

function formatGroup(title: string, messages: readonly CheckMessage[]): readonly string[] {
  return messages.length === 0 ? [] : ['', `${title}:`, ...messages.map(formatMessage)];
}

function formatMessage({ code, message, hint }: CheckMessage): string {
  const line = `?: (staticfiles.${code}) ${message}`;
  return hint === undefined ? line : `${line}\n\tHINT: ${hint}`;
}
