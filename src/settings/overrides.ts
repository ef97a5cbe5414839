import path from 'node:path';
import type { Origins } from './checks/checks.js';
import type { UserSettings } from './settings.js';

/** Values that count more than those of the settings file. Relative paths hang from the current folder. */
export interface SettingsOverrides {
  readonly staticRoot?: string | undefined;
  readonly staticUrl?: string | undefined;
  readonly cacheDir?: string | undefined;
  /** The id of the release, or `auto`. */
  readonly release?: string | undefined;
}

/** The part of `process.env` that is looked at. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** The settings that are used, and whence those came that are not from a settings file. */
export interface OverriddenSettings {
  readonly settings: UserSettings;
  readonly origins: Origins;
}

/** The origin of a value that the caller gave. */
export const GIVEN = 'given for this run';

interface Override {
  readonly name: keyof Origins;
  readonly value: string | undefined;
  readonly origin: string;
}

/**
 * Lays the environment's `STATIC_ROOT` and `STATIC_URL` over settings, and the overrides over both.
 * An empty variable counts as unset.
 *
 * @param cwd - absolute folder from which relative paths of both hang
 */
export function withOverrides(
  settings: UserSettings,
  cwd: string,
  env: Environment,
  overrides: SettingsOverrides,
): OverriddenSettings {
  const given = [...fromEnvironment(env), ...fromCaller(overrides)].filter(
    ({ value }) => value !== undefined,
  );
  return {
    settings: {
      ...settings,
      ...Object.fromEntries(given.map((override) => [override.name, absolute(override, cwd)])),
      ...(overrides.release !== undefined && { release: { id: overrides.release } }),
    },
    origins: Object.fromEntries(given.map(({ name, origin }) => [name, origin])),
  };
}

function fromEnvironment(env: Environment): readonly Override[] {
  return [
    {
      name: 'staticRoot',
      value: env.STATIC_ROOT || undefined,
      origin: 'the environment variable STATIC_ROOT',
    },
    { name: 'staticUrl', value: env.STATIC_URL || undefined, origin: 'the environment variable STATIC_URL' },
  ];
}

function fromCaller({ staticRoot, staticUrl, cacheDir }: SettingsOverrides): readonly Override[] {
  return [
    { name: 'staticRoot', value: staticRoot, origin: GIVEN },
    { name: 'staticUrl', value: staticUrl, origin: GIVEN },
    { name: 'cacheDir', value: cacheDir, origin: GIVEN },
  ];
}

/** An empty path stays empty, to be refused by the checks instead of meaning the current folder. */
function absolute({ name, value }: Override, cwd: string): string | undefined {
  return name === 'staticUrl' || !value ? value : path.resolve(cwd, value);
}
