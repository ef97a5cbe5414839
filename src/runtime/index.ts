export type { StaticFiles } from './files.js';
export { type LoadedStatic, loadStatic } from './load.js';
export {
  createStatic,
  type LookupOptions,
  MissingStaticFileError,
  type PathTable,
  type StaticLookup,
} from './lookup.js';
export type { Environment, LoadStaticOptions } from './options.js';
export type { Destination, Preload } from './preload.js';
export {
  createTags,
  type ElementOptions,
  type FileDetails,
  type PreloadOptions,
  type StaticTags,
  type TagsOptions,
} from './tags.js';
export { type StaticLocals, staticLocals } from './templates/locals.js';
