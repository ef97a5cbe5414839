import path from 'node:path';
import type { Origins } from './problems.js';
import type { UserSettings } from './settings.js';

/** Values that override the settings file and the environment. Relative paths are resolved from the current folder. */
export interface SettingsOverrides {
  readonly staticRoot?: string | undefined;
  readonly staticUrl?: string | undefined;
  readonly cacheDir?: string | undefined;
  /** Release id, or `auto`. */
  readonly release?: string | undefined;
}

/** Environment variables, such as `process.env`. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Settings with their overrides, and the labels of those values. */
export interface OverriddenSettings {
  readonly settings: UserSettings;
  readonly origins: Origins;
}

/** The label of a value that the caller gave. */
export function givenLabel(name: keyof Origins): string {
  return `${name} (given for this run)`;
}

interface Override {
  readonly name: keyof Origins;
  readonly value: string | undefined;
  readonly origin: string;
}

/**
 * Returns settings with the environment's `STATIC_ROOT` and `STATIC_URL`, and with the overrides, which win.
 * An empty variable counts as unset.
 *
 * @param cwd absolute folder from which relative paths of both are resolved
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
    { name: 'staticRoot', value: env.STATIC_ROOT || undefined, origin: 'STATIC_ROOT' },
    { name: 'staticUrl', value: env.STATIC_URL || undefined, origin: 'STATIC_URL' },
  ];
}

function fromCaller(overrides: SettingsOverrides): readonly Override[] {
  const names = ['staticRoot', 'staticUrl', 'cacheDir'] as const;
  return names.map((name) => ({ name, value: overrides[name], origin: givenLabel(name) }));
}

/** An empty path stays empty, so that the checks refuse it: it would mean the current folder. */
function absolute({ name, value }: Override, cwd: string): string | undefined {
  return name === 'staticUrl' || !value ? value : path.resolve(cwd, value);
}
