import { type SettingsProblem, StaticFilesError } from '../errors.js';
import { problemText } from '../plugins/options.js';

/** Label of each value that does not come from the settings file: `{ staticUrl: 'STATIC_URL' }`. */
export type Origins = Readonly<Partial<Record<'staticRoot' | 'staticUrl' | 'cacheDir', string>>>;

/** Where settings come from, for messages and `error.details`. */
export interface SettingsSource {
  /** Absolute path of the settings file; absent if there is none. */
  readonly file?: string;
  /** The file as messages show it; its absolute path by default. */
  readonly fileLabel?: string;
  readonly origins?: Origins;
}

/**
 * Returns problems as text: one in a line, several in an indented list with a heading. No newline at the end.
 *
 * @example
 * formatProblems([{ code: 'E006', key: 'staticRot', message: 'unknown setting.' }], { file: '/srv/app/x.json' });
 * // /srv/app/x.json: staticRot: unknown setting. (staticfiles.E006)
 */
export function formatProblems(problems: readonly SettingsProblem[], source: SettingsSource): string {
  const lines = problems.map((problem) => lineOf(problem, source));
  if (lines.length === 1) return lines[0]!;
  const errors = problems.filter(isError).length;
  const counts = [countOf(errors, 'error'), countOf(problems.length - errors, 'warning')].filter(Boolean);
  return [`The settings have ${counts.join(' and ')}:`, ...lines.map((line) => `  ${line}`)].join('\n');
}

function countOf(count: number, noun: string): string {
  return count === 0 ? '' : `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** Returns a problem in one line: the file, the key, what is wrong, what to do, the code. */
export function lineOf(problem: SettingsProblem, source: SettingsSource): string {
  const { file, fileLabel = file } = source;
  const origin = originOf(problem, source);
  const place = origin ?? [fileLabel, problem.key].filter((part) => part !== undefined).join(': ');
  return problemText(problem, place || undefined);
}

function originOf({ key = '' }: SettingsProblem, { origins = {} }: SettingsSource): string | undefined {
  return origins[key as keyof Origins];
}

/**
 * Throws one error with all problems if any of them is an error, and not only a warning.
 *
 * @throws StaticFilesError `settings`
 */
export function throwOnErrors(problems: readonly SettingsProblem[], source: SettingsSource): void {
  if (problems.some(isError)) throw settingsError(problems, source);
}

/** The error for problems of the settings, errors first. */
export function settingsError(
  problems: readonly SettingsProblem[],
  source: SettingsSource,
  options?: ErrorOptions,
): StaticFilesError {
  const sorted = [...problems.filter(isError), ...problems.filter((problem) => !isError(problem))];
  const { file } = source;
  const located = sorted.map((problem) =>
    file === undefined || originOf(problem, source) !== undefined ? problem : { ...problem, file },
  );
  return new StaticFilesError('settings', formatProblems(sorted, source), {
    ...options,
    details: { problems: located },
  });
}

function isError({ code }: SettingsProblem): boolean {
  return /^E\d/.test(code);
}
