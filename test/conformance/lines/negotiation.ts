import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { expect } from 'vitest';
import { CSS } from '../files.js';
import { lines, type Subject } from '../line.js';

/** The coding in which a file comes that is there in br and gzip too. */
async function codingOf({ hashed }: Subject, accepted: string): Promise<string> {
  const { status, headers } = await hashed('css/app.css', { 'accept-encoding': accepted });
  return status === 200 ? (headers['content-encoding'] ?? 'identity') : String(status);
}

/** Lines of one Accept-Encoding each. */
function accepting(expected: Readonly<Record<string, readonly string[]>>) {
  return Object.fromEntries(
    Object.entries(expected).map(([accepted, codings]) => [
      `\`${accepted}\` gets ${codings.join(' or ')}`,
      async (subject: Subject) => expect(codings).toContain(await codingOf(subject, accepted)),
    ]),
  );
}

export const negotiation = [
  ...lines('RFC 9110 §8.4', {
    'compressed bytes are those of the file': async ({ hashed }) => {
      const gzip = await hashed('css/app.css', { 'accept-encoding': 'gzip' });
      expect([gzip.headers['content-encoding'], gunzipSync(gzip.body).toString()]).toEqual(['gzip', CSS]);
      const br = await hashed('css/app.css', { 'accept-encoding': 'br' });
      expect([br.headers['content-encoding'], brotliDecompressSync(br.body).toString()]).toEqual(['br', CSS]);
    },
    'the media type is that of the file': async ({ hashed }) => {
      const { headers } = await hashed('css/app.css', { 'accept-encoding': 'gzip' });
      expect(headers['content-type']).toMatch(/^text\/css/);
    },
  }),
  ...lines('RFC 9110 §12.5.3', {
    'without Accept-Encoding the file comes as it is': async ({ hashed }) => {
      expect((await hashed('css/app.css')).headers).not.toHaveProperty('content-encoding');
    },
    ...accepting({
      'gzip, deflate, br, zstd': ['br'],
      'gzip;q=1.0, br;q=0.2': ['gzip'],
      'br;q=0': ['identity'],
      'br;q=0, gzip': ['gzip'],
      'gzip;q=0': ['identity'],
      'gzip;q=0.000': ['identity'],
      'identity;q=1, br;q=0.5': ['identity'],
      'identity, br;q=0': ['identity'],
      '*;q=0, gzip': ['gzip'],
      '*': ['br', 'gzip', 'identity'],
      'unheard-of': ['identity'],
      '': ['identity'],
      'identity;q=0, br': ['br'],
      'identity;q=0, unheard-of': ['406'],
      '*;q=0': ['406'],
    }),
    'a file that is there uncompressed alone is refused with 406 where that is not accepted': async ({
      plain,
    }) => {
      expect((await plain('digits.bin', { 'accept-encoding': 'identity;q=0' })).status).toBe(406);
    },
  }),
  ...lines('RFC 9110 §8.4.1', accepting({ GZIP: ['gzip'], 'BR;Q=1': ['br'] })),
  ...lines('RFC 9110 §8.4.1.3', accepting({ 'x-gzip': ['gzip'] })),
  ...lines('RFC 9110 §12.5.5', {
    'Vary tells that Accept-Encoding counts, whatever is sent': async ({ hashed }) => {
      for (const accepted of ['br', 'identity']) {
        const { headers } = await hashed('css/app.css', { 'accept-encoding': accepted });
        expect(headers.vary).toMatch(/\baccept-encoding\b/i);
      }
    },
  }),
];
