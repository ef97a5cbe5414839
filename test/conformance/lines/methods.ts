import { expect } from 'vitest';
import { DIGITS } from '../files.js';
import { lines } from '../line.js';

export const methods = [
  ...lines('RFC 9110 §9.3.1', {
    'GET returns the bytes of the file': async ({ plain }) => {
      expect(await plain('digits.bin')).toMatchObject({ status: 200, text: DIGITS });
    },
    'an empty file is answered with 200': async ({ plain }) => {
      expect(await plain('empty')).toMatchObject({
        status: 200,
        text: '',
        headers: { 'content-length': '0' },
      });
    },
  }),
  ...lines('RFC 9110 §8.6', {
    'Content-Length is the number of bytes': async ({ plain, hashed }) => {
      expect((await plain('digits.bin')).headers['content-length']).toBe('10');
      const { headers, body } = await hashed('css/app.css', { 'accept-encoding': 'gzip' });
      expect(headers['content-length']).toBe(String(body.length));
    },
  }),
  ...lines('RFC 9110 §9.3.2', {
    'HEAD has the headers of GET and no body': async ({ plain }) => {
      const { headers: got } = await plain('digits.bin');
      const { status, headers, body } = await plain('digits.bin', {}, 'HEAD');
      expect({ status, body: body.length }).toEqual({ status: 200, body: 0 });
      const { date: _, ...wanted } = got;
      expect(headers).toMatchObject(wanted);
    },
  }),
  ...lines('RFC 9110 §14.2', {
    'a Range is ignored for HEAD, which is answered with 200': async ({ plain }) => {
      const { status, headers } = await plain('digits.bin', { range: 'bytes=0-1' }, 'HEAD');
      expect({ status, length: headers['content-length'] }).toEqual({ status: 200, length: '10' });
    },
  }),
  ...lines('RFC 9110 §15.5.6', {
    'other methods are answered with 405': async ({ plain }) => {
      for (const method of ['POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'PROPFIND']) {
        expect([method, (await plain('digits.bin', {}, method)).status]).toEqual([method, 405]);
      }
    },
  }),
  ...lines('RFC 9110 §10.2.1', {
    'a 405 lists the allowed methods in Allow': async ({ plain }) => {
      const { headers } = await plain('digits.bin', {}, 'POST');
      expect(headers.allow?.split(/, */).sort()).toEqual(['GET', 'HEAD']);
    },
  }),
];
