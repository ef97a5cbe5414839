import { describe, expect, it } from 'vitest';
import { isMode, parseMode } from '../../../src/storages/filesystem/permissions.js';

describe('parseMode', () => {
  it.each([
    ['644', 0o644],
    ['0644', 0o644],
    ['0o644', 0o644],
    ['0o2755', 0o2755],
    ['7777', 0o7777],
    ['000', 0],
    [0, 0],
    [0o7777, 0o7777],
    [0o2755, 0o2755],
    [0o7755, 0o7755],
    [0o600, 0o600],
    [0o755, 0o755],
  ])('reads %j', (value, mode) => {
    expect(parseMode('filePermissions', value, 0o640)).toBe(mode);
  });

  it.each(['600', '640', '644', '660', '664', '700', '750', '755', '770', '775', '777'])(
    'reads the number 0o%s like the text',
    (text) => {
      const value = Number.parseInt(text, 8);
      expect(parseMode('filePermissions', value, undefined)).toBe(value);
      expect(parseMode('filePermissions', text, undefined)).toBe(value);
    },
  );

  it('leaves the mode to the umask for null, even if there is a default', () => {
    expect(parseMode('filePermissions', null, 0o644)).toBeUndefined();
  });

  it('returns the default if no mode is given', () => {
    expect(parseMode('filePermissions', undefined, 0o644)).toBe(0o644);
    expect(parseMode('filePermissions', undefined, undefined)).toBeUndefined();
  });

  it.each([
    ['64', '"64"'],
    ['06444', '"06444"'],
    ['x644', '"x644"'],
    ['644 ', '"644 "'],
    ['0o0o644', '"0o0o644"'],
    ['648', '"648"'],
    ['', '""'],
    [0o7777 + 1, '4096'],
    [-1, '-1'],
    [0.5, '0.5'],
    [400, '400'],
    [440, '440'],
    [444, '444'],
    [500, '500'],
    [600, '600'],
    [644, '644'],
    [755, '755'],
    [777, '777'],
  ])('refuses %j, and names the option', (value, shown) => {
    const error = expect.objectContaining({
      code: 'settings',
      message:
        'storage \'filesystem\': directoryPermissions: expected octal text such as "644", a number such as 0o644, ' +
        `or null for the umask, got ${shown}. (staticfiles.E007)`,
    });
    expect(() => parseMode('directoryPermissions', value, undefined)).toThrow(error);
    expect(isMode(value)).toBe(false);
  });
});

it('null is a mode', () => {
  expect(isMode(null)).toBe(true);
});
