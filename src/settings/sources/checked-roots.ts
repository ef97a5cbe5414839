import type { SearchRoot } from '../../static-file.js';
import type { CheckMessage } from '../checks/check-message.js';

/** Folders to search, and what is wrong with the settings that name them. */
export interface CheckedRoots {
  readonly roots: readonly SearchRoot[];
  readonly messages: readonly CheckMessage[];
}
