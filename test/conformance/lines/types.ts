import { expect } from 'vitest';
import { lines, type Subject } from '../line.js';

const TYPES: Readonly<Record<string, string>> = {
  'css/app.css': 'text/css; charset=utf-8',
  'js/app.js': 'text/javascript; charset=utf-8',
  'js/app.mjs': 'text/javascript; charset=utf-8',
  'page.html': 'text/html; charset=utf-8',
  'old.txt': 'text/plain; charset=utf-8',
  'data.csv': 'text/csv; charset=utf-8',
  'data.json': 'application/json',
  'js/app.js.map': 'application/json',
  'app.webmanifest': 'application/manifest+json',
  'img/logo.svg': 'image/svg+xml',
  'img/photo.png': 'image/png',
  'img/photo.jxl': 'image/jxl',
  'fonts/a.woff2': 'font/woff2',
  'fonts/a.otf': 'font/otf',
  'fonts/a.ttf': 'font/ttf',
  'sound.opus': 'audio/ogg',
  'sound.flac': 'audio/flac',
  'program.wasm': 'application/wasm',
  'unknown.zzz': 'application/octet-stream',
};

/** Returns one spelling for types that mean the same. JSON is UTF-8 by definition, so its charset does not matter. */
function normalised(type: string | undefined): string | undefined {
  return type
    ?.toLowerCase()
    .replace(/; *charset="?utf-8"?$/, '; charset=utf-8')
    .replace(/(json); charset=utf-8$/, '$1');
}

function typeLines() {
  return Object.entries(TYPES).map(([name, type]) => [
    `\`${name.slice(name.lastIndexOf('.'))}\` is ${type}`,
    async ({ plain }: Subject) => {
      const got = (await plain(name)).headers['content-type'];
      expect(normalised(got)).toBe(type);
    },
  ]);
}

const SHARED = ['fonts/a.woff2', 'fonts/a.ttf', 'js/app.js', 'js/app.mjs'];

export const types = [
  ...lines('RFC 9110 §8.3', Object.fromEntries(typeLines())),
  ...lines('Fetch: X-Content-Type-Options', {
    'nosniff is sent with files and with 404': async ({ plain, get }) => {
      expect((await plain('css/app.css')).headers['x-content-type-options']).toBe('nosniff');
      expect((await get('/static/none.css')).headers['x-content-type-options']).toBe('nosniff');
    },
  }),
  ...lines('Fetch: CORS protocol', {
    'all origins may read fonts and modules': async ({ plain }) => {
      for (const name of SHARED) {
        expect([name, (await plain(name)).headers['access-control-allow-origin']]).toEqual([name, '*']);
      }
    },
    'all origins may also read their 206, 304, 412 and 416': async ({ plain }) => {
      const name = 'fonts/a.woff2';
      const { etag } = (await plain(name)).headers;
      const requests = [
        [206, { range: 'bytes=0-1' }],
        [304, { 'if-none-match': etag }],
        [412, { 'if-match': '"other"' }],
        [416, { range: 'bytes=99-' }],
      ] as const;
      for (const [wanted, headers] of requests) {
        const reply = await plain(name, headers);
        expect([reply.status, reply.headers['access-control-allow-origin']]).toEqual([wanted, '*']);
      }
    },
  }),
];
