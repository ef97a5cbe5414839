import { expect } from 'vitest';
import { lines, type Subject } from '../line.js';

const OLD = 'Wed, 05 May 2021 00:00:00 GMT';

async function tagOf({ plain }: Subject): Promise<string> {
  const { etag } = (await plain('digits.bin')).headers;
  expect(etag).toBeDefined();
  return etag!;
}

/** Returns the status for `digits.bin`, with headers made from its ETag. */
async function statusWith(
  subject: Subject,
  headers: (etag: string) => Record<string, string>,
  method?: string,
): Promise<number> {
  return (await subject.plain('digits.bin', headers(await tagOf(subject)), method)).status;
}

/** Returns the status for `old.txt`. */
async function oldStatus({ plain }: Subject, headers: Record<string, string>): Promise<number> {
  return (await plain('old.txt', headers)).status;
}

export const conditions = [
  ...lines('RFC 9110 §13.1.2', {
    'If-None-Match with the ETag is answered with 304': async (subject) => {
      expect(await statusWith(subject, (etag) => ({ 'if-none-match': etag }))).toBe(304);
    },
    'If-None-Match with another ETag is answered with 200': async (subject) => {
      expect(await statusWith(subject, () => ({ 'if-none-match': '"other"' }))).toBe(200);
    },
    'If-None-Match can be a list': async (subject) => {
      const list = (etag: string) => ({ 'if-none-match': `"other", "with, comma",${etag} , W/"last"` });
      expect(await statusWith(subject, list)).toBe(304);
    },
    'If-None-Match compares weakly': async (subject) => {
      const weak = (etag: string) => ({ 'if-none-match': `W/${etag.replace('W/', '')}` });
      expect(await statusWith(subject, weak)).toBe(304);
    },
    'If-None-Match: * matches': async (subject) => {
      expect(await statusWith(subject, () => ({ 'if-none-match': '*' }))).toBe(304);
    },
    'If-None-Match also counts for HEAD': async (subject) => {
      expect(await statusWith(subject, (etag) => ({ 'if-none-match': etag }), 'HEAD')).toBe(304);
    },
    'the ETag of another coding does not match': async ({ hashed }) => {
      const { etag } = (await hashed('css/app.css', { 'accept-encoding': 'gzip' })).headers;
      const reply = await hashed('css/app.css', { 'if-none-match': etag });
      expect(reply.status).toBe(200);
    },
  }),
  ...lines('RFC 9110 §13.1.3', {
    'If-Modified-Since with the time of the file is answered with 304': async (subject) => {
      expect(await oldStatus(subject, { 'if-modified-since': OLD })).toBe(304);
    },
    'If-Modified-Since with an earlier time is answered with 200': async (subject) => {
      expect(await oldStatus(subject, { 'if-modified-since': 'Tue, 04 May 2021 00:00:00 GMT' })).toBe(200);
    },
    'If-Modified-Since is ignored beside If-None-Match': async (subject) => {
      const status = await oldStatus(subject, { 'if-none-match': '"other"', 'if-modified-since': OLD });
      expect(status).toBe(200);
    },
    'an invalid date is ignored': async (subject) => {
      for (const date of ['tomorrow', '2099', '2099-01-01T00:00:00Z', '']) {
        expect([date, await oldStatus(subject, { 'if-modified-since': date })]).toEqual([date, 200]);
      }
    },
  }),
  ...lines('RFC 9110 §5.6.7', {
    'dates in the formats of RFC 850 and asctime() are understood': async (subject) => {
      for (const date of ['Wednesday, 05-May-21 00:00:00 GMT', 'Wed May  5 00:00:00 2021']) {
        expect([date, await oldStatus(subject, { 'if-modified-since': date })]).toEqual([date, 304]);
      }
    },
  }),
  ...lines('RFC 9110 §13.1.1', {
    'If-Match with the ETag is answered with 200': async (subject) => {
      expect(await statusWith(subject, (etag) => ({ 'if-match': `"other", ${etag}` }))).toBe(200);
      expect(await statusWith(subject, () => ({ 'if-match': '*' }))).toBe(200);
    },
    'If-Match with another ETag or a weak one is answered with 412': async (subject) => {
      expect(await statusWith(subject, () => ({ 'if-match': '"other"' }))).toBe(412);
      expect(await statusWith(subject, (etag) => ({ 'if-match': `W/${etag}` }))).toBe(412);
    },
  }),
  ...lines('RFC 9110 §13.1.4', {
    'If-Unmodified-Since with an earlier time is answered with 412': async (subject) => {
      expect(await oldStatus(subject, { 'if-unmodified-since': 'Tue, 04 May 2021 00:00:00 GMT' })).toBe(412);
      expect(await oldStatus(subject, { 'if-unmodified-since': OLD })).toBe(200);
    },
  }),
  ...lines('RFC 9110 §13.2.2', {
    'If-None-Match precedes Range': async (subject) => {
      const both = (etag: string) => ({ 'if-none-match': etag, range: 'bytes=0-1' });
      expect(await statusWith(subject, both)).toBe(304);
    },
    'Range counts if If-None-Match does not match': async (subject) => {
      expect(await statusWith(subject, () => ({ 'if-none-match': '"other"', range: 'bytes=0-1' }))).toBe(206);
    },
  }),
  ...lines('RFC 9110 §15.4.5', {
    'a 304 has no body, and has the headers that caches need': async ({ hashed }) => {
      const accepted = { 'accept-encoding': 'gzip' };
      const { headers: whole } = await hashed('css/app.css', accepted);
      const { status, headers, body } = await hashed('css/app.css', {
        ...accepted,
        'if-none-match': whole.etag,
      });
      expect({ status, body: body.length }).toEqual({ status: 304, body: 0 });
      expect(headers).toMatchObject({
        etag: whole.etag,
        'cache-control': whole['cache-control'],
        vary: whole.vary,
        date: expect.any(String),
      });
      expect(headers).not.toHaveProperty('content-length');
      expect(headers).not.toHaveProperty('content-encoding');
    },
  }),
];
