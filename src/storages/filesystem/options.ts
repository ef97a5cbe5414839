import * as v from 'valibot';
import { flag, type OptionsRules, path } from '../../plugins/options.js';
import { isMode, MODE } from './permissions.js';

const mode = v.custom<number | string | null>(isMode, MODE);

export const FILESYSTEM_OPTIONS: OptionsRules = {
  plugin: "storage 'filesystem'",
  entries: {
    location: v.optional(path),
    filePermissions: v.optional(mode),
    directoryPermissions: v.optional(mode),
    durable: v.optional(flag),
  },
};
