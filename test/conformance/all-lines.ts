import { caching } from './lines/caching.js';
import { conditions } from './lines/conditions.js';
import { methods } from './lines/methods.js';
import { negotiation } from './lines/negotiation.js';
import { paths } from './lines/paths.js';
import { ranges } from './lines/ranges.js';
import { robustness } from './lines/robustness.js';
import { types } from './lines/types.js';

/** Requirements by topic. */
export const TOPICS = {
  Methods: methods,
  'Caching and validators': caching,
  Conditions: conditions,
  Ranges: ranges,
  'Content codings': negotiation,
  'Types and origins': types,
  Paths: paths,
  'Files and clients that change': robustness,
} as const;
