import { expect } from 'vitest';
import type { Reply } from '../../serve/support/http.js';
import { DIGITS, LARGE } from '../files.js';
import { lines, type Subject } from '../line.js';

/** Returns status, Content-Range and body for a range of `digits.bin`. */
async function rangeOf({ plain }: Subject, range: string, headers: Record<string, string> = {}) {
  const reply = await plain('digits.bin', { range, ...headers });
  return [reply.status, reply.headers['content-range'], reply.text];
}

const WHOLE = [200, undefined, DIGITS];

/** Returns the Content-Range and the bytes of each part of a multipart body. */
function partsOf({ headers, text }: Reply): [string | undefined, string][] {
  const [, boundary] = /^multipart\/byteranges; boundary=(\S+)$/.exec(headers['content-type'] ?? '') ?? [];
  expect(boundary).toBeDefined();
  const [preamble, ...parts] = `\r\n${text.replace(/^\r\n/, '')}`.split(`\r\n--${boundary}`);
  expect([preamble, parts.pop()?.trimEnd()]).toEqual(['', '--']);
  return parts.map((part) => {
    const [, head, bytes] = /^\r\n(.*?)\r\n\r\n(.*)$/s.exec(part) ?? [];
    return [/^content-range: *(.*)$/im.exec(head ?? '')?.[1], bytes ?? ''];
  });
}

/** Returns the status for a range with an If-Range that is made from the file's headers. */
async function withIfRange(subject: Subject, ifRange: (reply: Reply) => string): Promise<number> {
  const value = ifRange(await subject.plain('old.txt'));
  return (await subject.plain('old.txt', { range: 'bytes=1-2', 'if-range': value })).status;
}

export const ranges = [
  ...lines('RFC 9110 §14.3', {
    'Accept-Ranges: bytes': async ({ plain, hashed }) => {
      expect((await plain('digits.bin')).headers['accept-ranges']).toBe('bytes');
      const encoded = await hashed('css/app.css', { 'accept-encoding': 'br' });
      expect(encoded.headers['accept-ranges']).toBe('bytes');
    },
  }),
  ...lines('RFC 9110 §14.1.2', {
    'bytes=0-0 is the first byte': async (subject) => {
      expect(await rangeOf(subject, 'bytes=0-0')).toEqual([206, 'bytes 0-0/10', '0']);
    },
    'bytes=-1 is the last byte': async (subject) => {
      expect(await rangeOf(subject, 'bytes=-1')).toEqual([206, 'bytes 9-9/10', '9']);
    },
    'bytes=7- is the rest': async (subject) => {
      expect(await rangeOf(subject, 'bytes=7-')).toEqual([206, 'bytes 7-9/10', '789']);
    },
    'an end beyond the last byte means the last byte': async (subject) => {
      expect(await rangeOf(subject, 'bytes=8-99')).toEqual([206, 'bytes 8-9/10', '89']);
      expect(await rangeOf(subject, `bytes=8-${'9'.repeat(30)}`)).toEqual([206, 'bytes 8-9/10', '89']);
    },
    'more last bytes than the file has mean all bytes': async (subject) => {
      expect(await rangeOf(subject, 'bytes=-99')).toEqual([206, 'bytes 0-9/10', DIGITS]);
    },
    'the unit is not case-sensitive': async (subject) => {
      expect(await rangeOf(subject, 'BYTES=0-0')).toEqual([206, 'bytes 0-0/10', '0']);
    },
  }),
  ...lines('RFC 9110 §14.6', {
    'several ranges are sent in one multipart body': async (subject) => {
      const reply = await subject.plain('digits.bin', { range: 'bytes=0-1, 4-5,-2' });
      expect(reply.status).toBe(206);
      expect(reply.headers['content-length']).toBe(String(reply.body.length));
      expect(partsOf(reply)).toEqual([
        ['bytes 0-1/10', '01'],
        ['bytes 4-5/10', '45'],
        ['bytes 8-9/10', '89'],
      ]);
    },
    'several ranges of a large file are sent in one multipart body': async ({ plain }) => {
      const reply = await plain('large.txt', { range: 'bytes=0-4,600000-1200000' });
      expect(reply.headers['content-length']).toBe(String(reply.body.length));
      expect(partsOf(reply)).toEqual([
        [`bytes 0-4/${LARGE.length}`, 'large'],
        [`bytes 600000-1200000/${LARGE.length}`, LARGE.slice(600_000, 1_200_001)],
      ]);
    },
    'clients can decode the answer to several ranges of a compressed file': async ({
      hashed,
      port,
      site,
    }) => {
      const range = 'bytes=0-3,8-11';
      const { text } = await hashed('css/app.css');
      const url = `http://127.0.0.1:${port}${site.url('css/app.css')}`;
      for (const coding of ['br', 'gzip']) {
        // fetch() decodes the body as the headers say.
        const response = await fetch(url, { headers: { range, 'accept-encoding': coding } });
        const body = await response.text();
        if (response.status === 200) expect(body).toBe(text);
        else expect([response.status, body.includes(text.slice(0, 4))]).toEqual([206, true]);
      }
    },
    'if only one of several ranges can be satisfied, it is sent alone': async (subject) => {
      expect(await rangeOf(subject, 'bytes=2-3,50-60')).toEqual([206, 'bytes 2-3/10', '23']);
    },
  }),
  ...lines('RFC 9110 §17.15', {
    'overlapping ranges do not make the answer larger than the file': async (subject) => {
      const reply = await subject.plain('css/app.css', { range: 'bytes=0-,1-,2-,3-,4-' });
      const { body } = await subject.plain('css/app.css');
      expect([200, 206]).toContain(reply.status);
      expect(reply.body.length).toBeLessThanOrEqual(body.length);
    },
    'a thousand small ranges are not sent one by one': async ({ plain }) => {
      const range = `bytes=${Array.from({ length: 1000 }, (_, index) => `${2 * index}-${2 * index}`).join()}`;
      const reply = await plain('css/app.css', { range });
      const { body } = await plain('css/app.css');
      expect([200, 416]).toContain(reply.status);
      expect(reply.body.length).toBeLessThanOrEqual(body.length);
    },
  }),
  ...lines('RFC 9110 §15.5.17', {
    'a range beyond the end is answered with 416 and the size': async (subject) => {
      const { status, headers } = await subject.plain('digits.bin', { range: 'bytes=10-' });
      expect([status, headers['content-range']]).toEqual([416, 'bytes */10']);
    },
    'a range of the last 0 bytes is answered with 416': async (subject) => {
      const { status, headers } = await subject.plain('digits.bin', { range: 'bytes=-0' });
      expect([status, headers['content-range']]).toEqual([416, 'bytes */10']);
    },
    'a range of an empty file is answered with 416': async ({ plain }) => {
      const { status, headers } = await plain('empty', { range: 'bytes=0-' });
      expect([status, headers['content-range']]).toEqual([416, 'bytes */0']);
    },
  }),
  ...lines('RFC 9110 §14.2', {
    'a range that ends before it begins is ignored or answered with 416': async (subject) => {
      const [status, contentRange, text] = await rangeOf(subject, 'bytes=5-2');
      if (status === 200) expect(text).toBe(DIGITS);
      else expect([status, contentRange]).toEqual([416, 'bytes */10']);
    },
    'an invalid range is ignored': async (subject) => {
      for (const range of ['bytes=', 'bytes=a-b', 'bytes=1', 'bytes', 'bytes=0x1-0x2', 'bytes=-']) {
        expect([range, await rangeOf(subject, range)]).toEqual([range, WHOLE]);
      }
    },
    'a range in another unit is ignored': async (subject) => {
      expect(await rangeOf(subject, 'lines=1-2')).toEqual(WHOLE);
    },
  }),
  ...lines('RFC 9110 §13.1.5', {
    'If-Range with the ETag sends the range': async (subject) => {
      expect(await withIfRange(subject, ({ headers }) => String(headers.etag))).toBe(206);
    },
    'If-Range with another ETag sends the whole file': async (subject) => {
      expect(await withIfRange(subject, () => '"other"')).toBe(200);
    },
    'If-Range with a weak ETag sends the whole file': async (subject) => {
      const weak = ({ headers }: Reply) => `W/${String(headers.etag).replace('W/', '')}`;
      expect(await withIfRange(subject, weak)).toBe(200);
    },
    'If-Range with the time of the file sends the range': async (subject) => {
      expect(await withIfRange(subject, ({ headers }) => String(headers['last-modified']))).toBe(206);
    },
    'If-Range with another time sends the whole file': async (subject) => {
      for (const date of ['Tue, 04 May 2021 00:00:00 GMT', 'Thu, 06 May 2021 00:00:00 GMT']) {
        expect([date, await withIfRange(subject, () => date)]).toEqual([date, 200]);
      }
    },
    'a range beyond the end is not an error if If-Range fails': async ({ plain }) => {
      const reply = await plain('digits.bin', { range: 'bytes=99-', 'if-range': '"other"' });
      expect(reply.status).toBe(200);
    },
  }),
  ...lines('RFC 9110 §15.3.7', {
    'a 206 has the headers of a 200': async ({ plain }) => {
      const whole = await plain('digits.bin');
      const { headers } = await plain('digits.bin', { range: 'bytes=2-4' });
      expect(headers).toMatchObject({
        etag: whole.headers.etag,
        'cache-control': whole.headers['cache-control'],
        'content-type': whole.headers['content-type'],
        'content-length': '3',
      });
    },
    'ranges of a compressed file count its compressed bytes': async ({ hashed }) => {
      const accepted = { 'accept-encoding': 'gzip' };
      const { body } = await hashed('css/app.css', accepted);
      const part = await hashed('css/app.css', { ...accepted, range: 'bytes=3-8' });
      expect([part.status, part.headers['content-encoding']]).toEqual([206, 'gzip']);
      expect(part.body).toEqual(body.subarray(3, 9));
      expect(part.headers['content-range']).toBe(`bytes 3-8/${body.length}`);
    },
  }),
];
