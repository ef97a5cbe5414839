import { expect, it } from 'vitest';
import { withOverrides } from '../../src/settings/overrides.js';

const written = { staticRoot: 'out', staticUrl: '/s/', cacheDir: 'cache', ignore: ['x'] };

it('settings are unchanged if nothing overrides them', () => {
  expect(withOverrides(written, '/cwd', {}, {})).toEqual({ settings: written, origins: {} });
});

it('an empty variable and an undefined override count as unset', () => {
  const env = { STATIC_ROOT: '', STATIC_URL: '' };
  const overrides = { staticRoot: undefined, staticUrl: undefined, cacheDir: undefined };
  expect(withOverrides(written, '/cwd', env, overrides)).toEqual({ settings: written, origins: {} });
});

it('the environment overrides the settings; its paths are resolved from the current folder', () => {
  const env = { STATIC_ROOT: 'env', STATIC_URL: '/env/', HOME: '/home/x' };
  expect(withOverrides(written, '/cwd', env, {})).toEqual({
    settings: { ...written, staticRoot: '/cwd/env', staticUrl: '/env/' },
    origins: {
      staticRoot: 'STATIC_ROOT',
      staticUrl: 'STATIC_URL',
    },
  });
});

it('overrides win over both', () => {
  const env = { STATIC_ROOT: 'env', STATIC_URL: '/env/' };
  const overrides = { staticRoot: '../flag', cacheDir: '/c' };
  expect(withOverrides(written, '/cwd/sub', env, overrides)).toEqual({
    settings: { ...written, staticRoot: '/cwd/flag', staticUrl: '/env/', cacheDir: '/c' },
    origins: {
      staticRoot: 'staticRoot (given for this run)',
      staticUrl: 'STATIC_URL',
      cacheDir: 'cacheDir (given for this run)',
    },
  });
});

it('an empty path stays empty: it must not become the current folder', () => {
  expect(withOverrides(written, '/cwd', {}, { staticRoot: '' }).settings.staticRoot).toBe('');
});
