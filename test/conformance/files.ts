import type { TreeInput } from '../support/tree.js';

/** Ten bytes whose values are their positions. */
export const DIGITS = '0123456789';

/** Long enough to be compressed. */
export const CSS = `${'.selector { color: red; background: white }\n'.repeat(80)}`;

const OLD = Date.UTC(2021, 4, 5) / 1000;
const FUTURE = Date.UTC(2101, 0, 1) / 1000;

/** Larger than handlers hold in memory. */
export const LARGE = 'large '.repeat(500_000);

export const FILES: TreeInput = {
  'digits.bin': DIGITS,
  'css/app.css': CSS,
  'css/ascii.css': 'a{}',
  'js/app.js': 'export {};',
  'js/app.mjs': 'export {};',
  'img/logo.svg': '<svg xmlns="http://www.w3.org/2000/svg"/>',
  'img/photo.png': 'png',
  'img/photo.jxl': 'jxl',
  'fonts/a.woff2': 'woff2',
  'fonts/a.otf': 'otf',
  'fonts/a.ttf': 'ttf',
  'app.webmanifest': '{}',
  'js/app.js.map': '{}',
  'data.csv': 'a,b',
  'data.json': '{}',
  'sound.opus': 'opus',
  'sound.flac': 'flac',
  'program.wasm': 'wasm',
  'unknown.zzz': 'zzz',
  'page.html': '<!doctype html><title>page</title>',
  'old.txt': { text: 'old', mtime: OLD },
  'future.txt': { text: 'future', mtime: FUTURE },
  'twins/one.txt': 'abc',
  'twins/two.txt': 'xyz',
  'copies/one.txt': { text: 'copy', mtime: OLD },
  'copies/two.txt': 'copy',
  'names/a b.txt': 'space',
  'names/größe.txt': 'utf-8',
  'names/50% #1?.txt': 'reserved',
  'large.txt': LARGE,
  'changes/deleted.txt': 'deleted',
  'changes/deleted-late.txt': 'deleted late',
  'changes/grown.txt': 'short',
  'changes/shrunk.txt': 'a longer text',
  'changes/replaced.txt': 'before',
  'changes/large-deleted.txt': LARGE,
  'changes/large-shrunk.txt': LARGE,
  empty: '',
};
