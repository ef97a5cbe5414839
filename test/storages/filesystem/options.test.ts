import { describe, expect, it } from 'vitest';
import { checkOptions } from '../../../src/plugins/options.js';
import { FILESYSTEM_OPTIONS } from '../../../src/storages/filesystem/options.js';

const MODE = 'octal text such as "644", a number such as 0o644, or null for the umask';

describe("the options of the storage 'filesystem'", () => {
  it.each([
    {},
    { location: '../public', filePermissions: undefined },
    { filePermissions: null, directoryPermissions: null },
    { filePermissions: 0o640, directoryPermissions: 0 },
    { filePermissions: '640', directoryPermissions: '0o2755' },
    { durable: true },
    { durable: false },
  ])('can be %j', (options) => {
    expect(() => checkOptions(FILESYSTEM_OPTIONS, options)).not.toThrow();
  });

  it.each<[object, string]>([
    [{ filePermissions: 644 }, `filePermissions: expected ${MODE}`],
    [{ filePermissions: 0.5 }, `filePermissions: expected ${MODE}`],
    [{ filePermissions: 'rw' }, `filePermissions: expected ${MODE}`],
    [{ filePermissions: true }, `filePermissions: expected ${MODE}`],
    [{ directoryPermissions: 755 }, `directoryPermissions: expected ${MODE}`],
    [{ directoryPermissions: {} }, `directoryPermissions: expected ${MODE}`],
    [{ location: 5 }, 'location: expected'],
    [{ durable: 'yes' }, 'durable: expected'],
    [{ durabel: true }, "durabel: unknown option of the storage 'filesystem'"],
  ])('cannot be %j', (options, message) => {
    expect(() => checkOptions(FILESYSTEM_OPTIONS, options)).toThrow(
      expect.objectContaining({ code: 'settings', message: expect.stringContaining(message) }),
    );
  });
});
