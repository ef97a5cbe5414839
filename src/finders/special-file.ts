import type { Dirent, Stats } from 'node:fs';
import { quoted } from '../printable.js';
import { kindOf } from '../regular-file.js';
import type { Warning } from '../static-file.js';

/** Says that something is neither a file nor a folder nor a link, and was skipped: opening a FIFO may never return. */
export function specialFileWarning(sourcePath: string, entry: Dirent | Stats): Warning {
  return {
    code: 'special-file',
    message: `Skipped ${quoted(sourcePath)}: it is ${kindOf(entry)}, not a file.`,
  };
}
