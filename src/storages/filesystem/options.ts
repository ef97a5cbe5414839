import * as v from 'valibot';
import { flag, type OptionsRules, oneOf, path } from '../../plugins/options.js';
import type { FilesystemOptions } from './filesystem.js';
import { isMode, MODE, OCTAL } from './permissions.js';

const mode = oneOf<number | string | null>(
  [(input) => input === null, v.null()],
  [
    (input) => typeof input === 'number',
    v.pipe(
      v.number(MODE),
      v.check((value) => isMode(value), MODE),
    ),
  ],
  [() => true, v.pipe(v.string(MODE), v.regex(OCTAL, MODE))],
);

export const FILESYSTEM_OPTIONS: OptionsRules = {
  plugin: "storage 'filesystem'",
  entries: {
    location: v.optional(path),
    filePermissions: v.optional(mode),
    directoryPermissions: v.optional(mode),
    durable: v.optional(flag),
  } satisfies Record<keyof FilesystemOptions, v.GenericSchema>,
};
