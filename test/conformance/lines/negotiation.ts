import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { expect } from 'vitest';
import { CSS } from '../files.js';
import { lines, type Subject } from '../line.js';

/** Returns the coding, or the error's status, for a file that has variants in br and gzip. */
async function codingOf({ hashed }: Subject, accepted: string): Promise<string> {
  const { status, headers } = await hashed('css/app.css', { 'accept-encoding': accepted });
  return status === 200 ? (headers['content-encoding'] ?? 'identity') : String(status);
}

/** Returns one requirement for each Accept-Encoding. */
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
    'a compressed body decodes to the file': async ({ hashed }) => {
      const gzip = await hashed('css/app.css', { 'accept-encoding': 'gzip' });
      expect([gzip.headers['content-encoding'], gunzipSync(gzip.body).toString()]).toEqual(['gzip', CSS]);
      const br = await hashed('css/app.css', { 'accept-encoding': 'br' });
      expect([br.headers['content-encoding'], brotliDecompressSync(br.body).toString()]).toEqual(['br', CSS]);
    },
    'a compressed body has the media type of the file': async ({ hashed }) => {
      const { headers } = await hashed('css/app.css', { 'accept-encoding': 'gzip' });
      expect(headers['content-type']).toMatch(/^text\/css/);
    },
  }),
  ...lines('RFC 9110 §12.5.3', {
    'without Accept-Encoding the file is sent uncompressed': async ({ hashed }) => {
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
    'a file without variants is answered with 406 if identity is not accepted': async ({ plain }) => {
      expect((await plain('digits.bin', { 'accept-encoding': 'identity;q=0' })).status).toBe(406);
    },
  }),
  ...lines('RFC 9110 §8.4.1', accepting({ GZIP: ['gzip'], 'BR;Q=1': ['br'] })),
  ...lines('RFC 9110 §8.4.1.3', accepting({ 'x-gzip': ['gzip'] })),
  ...lines('RFC 9110 §12.5.5', {
    'Vary names Accept-Encoding, whatever is sent': async ({ hashed }) => {
      for (const accepted of ['br', 'identity']) {
        const { headers } = await hashed('css/app.css', { 'accept-encoding': accepted });
        expect(headers.vary).toMatch(/\baccept-encoding\b/i);
      }
    },
  }),
];
