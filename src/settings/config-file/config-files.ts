import { describeSystemError, StaticFilesError } from '../../errors.js';

/** The endings of settings files that are modules. */
export const MODULE_EXTENSIONS: readonly string[] = ['.ts', '.mts', '.js', '.mjs', '.cjs'];

export const PACKAGE_JSON = 'package.json';

/** Where settings are looked for in a folder; the first that is there counts. `package.json` does with the key `staticfiles`. */
export const CONFIG_FILES: readonly string[] = [
  ...MODULE_EXTENSIONS.map((extension) => `staticfiles.config${extension}`),
  'staticfiles.config.json',
  PACKAGE_JSON,
];

/** The error for a settings file that the system does not let us read. */
export function unreadable(file: string, cause: unknown): StaticFilesError {
  return new StaticFilesError(
    'settings',
    `Cannot read the settings file '${file}': ${describeSystemError(cause)}.`,
    {
      cause,
    },
  );
}
