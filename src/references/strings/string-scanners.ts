import type { StringScanner } from './named-string.js';

/** Loaded when they are needed: nearly all runs look for references only. */
const LOADERS = {
  script: async () => (await import('./script-strings.js')).scriptStrings,
  json: async () => (await import('./json-strings.js')).jsonStrings,
  html: async () => (await import('./markup-strings.js')).htmlStrings,
  xml: async () => (await import('./markup-strings.js')).xmlStrings,
  playlist: async () => (await import('./playlist-strings.js')).playlistStrings,
} satisfies Readonly<Record<string, () => Promise<StringScanner>>>;

const BY_EXTENSION: Readonly<Record<string, keyof typeof LOADERS>> = {
  js: 'script',
  mjs: 'script',
  json: 'json',
  gltf: 'json',
  webmanifest: 'json',
  html: 'html',
  htm: 'html',
  xml: 'xml',
  mpd: 'xml',
  m3u8: 'playlist',
};

/** Files that tools read, and no page. Their strings name sources. */
const FOR_TOOLS =
  /(?:^|\/)(?:(?:package(?:-lock)?|bower|component|composer|[tj]sconfig[^/]*|custom-elements|[^/]*web-types|vetur-[^/]*|collection-manifest)\.json|[^/]*\.conf(?:ig)?\.m?js|(?:gulpfile|gruntfile|rollup)[^/]*\.m?js)$/i;

/** Returns the scanner for a file's strings, by its name; `undefined` for other types of files. */
export async function stringScannerFor(logicalPath: string): Promise<StringScanner | undefined> {
  const extension = logicalPath.slice(logicalPath.lastIndexOf('.') + 1).toLowerCase();
  if (!Object.hasOwn(BY_EXTENSION, extension) || FOR_TOOLS.test(logicalPath)) return undefined;
  return LOADERS[BY_EXTENSION[extension]!]();
}
