export type { Environment } from './environment.js';
export { type LoadedStatic, loadStatic } from './load.js';
export type { LoadStaticOptions } from './load-options.js';
export { type StaticLocals, staticLocals } from './locals.js';
export {
  createStatic,
  type LookupOptions,
  MissingStaticFileError,
  type PathTable,
  type StaticLookup,
} from './lookup.js';
export type { Destination, Preload } from './preload.js';
export {
  createTags,
  type ElementOptions,
  type FileDetails,
  type PreloadOptions,
  type StaticTags,
  type TagsOptions,
} from './tags.js';
