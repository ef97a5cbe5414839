import fs from 'node:fs';
import path from 'node:path';
import { expect } from 'vitest';
import { lines, type Subject } from '../line.js';

/** Text that no answer may contain. */
const SECRET = 'kept to ourselves';

/** Expects neither an error of the server nor the bytes of a file. */
async function expectNothing({ get }: Subject, target: string, bytes = SECRET): Promise<void> {
  const { status, text } = await get(target);
  expect([target, status < 500, text.includes(bytes)]).toEqual([target, true, false]);
}

/** Paths that would leave the folder, to a file beside it. */
const ESCAPES = [
  '/static/../secret.txt',
  '/static/css/../../secret.txt',
  '/static/%2e%2e/secret.txt',
  '/static/%2E%2E%2Fsecret.txt',
  '/static/..%2fsecret.txt',
  '/static/..%5csecret.txt',
  '/static/..\\secret.txt',
  '/static/css/..%2f..%2fsecret.txt',
  '/static/%252e%252e/secret.txt',
  '/static/..;/secret.txt',
  '/static/..%00/secret.txt',
  '/static/.../../secret.txt',
  '/static/../root-beside/secret.txt',
  '/static/%c0%ae%c0%ae/secret.txt',
  '/../secret.txt',
];

export const paths = [
  ...lines('RFC 3986 §2.1', {
    'escaped names are found: spaces, UTF-8, reserved characters': async ({ get }) => {
      expect((await get('/static/names/a%20b.txt')).text).toBe('space');
      expect((await get('/static/names/gr%C3%B6%C3%9fe.txt')).text).toBe('utf-8');
      expect((await get('/static/names/50%25%20%231%3F.txt')).text).toBe('reserved');
      expect((await get('/static/%63ss/ascii.css')).text).toBe('a{}');
    },
    'invalid escapes are answered with 400': async ({ get }) => {
      for (const target of [
        '/static/%',
        '/static/%zz',
        '/static/a%2',
        '/static/%ff.css',
        '/static/%e0%a4%a',
      ]) {
        expect([target, (await get(target)).status]).toEqual([target, 400]);
      }
    },
  }),
  ...lines('RFC 3986 §3.4', {
    'a query is ignored': async ({ get }) => {
      expect((await get('/static/css/ascii.css?v=1&%')).text).toBe('a{}');
    },
  }),
  ...lines('RFC 9112 §3.2.2', {
    'a target can be a full URL': async ({ get }) => {
      expect(await get('http://example.test/static/css/ascii.css')).toMatchObject({
        status: 200,
        text: 'a{}',
      });
    },
  }),
  ...lines('RFC 9110 §17.3', {
    'no path leaves the folder': async (subject) => {
      const { site } = subject;
      fs.writeFileSync(site.path('secret.txt'), SECRET);
      fs.mkdirSync(site.path('root-beside'), { recursive: true });
      fs.writeFileSync(site.path('root-beside/secret.txt'), SECRET);
      for (const target of ESCAPES) await expectNothing(subject, target);
    },
    'no path is an absolute path of the file system': async (subject) => {
      const secret = subject.site.path('secret.txt');
      fs.writeFileSync(secret, SECRET);
      for (const prefix of ['/static/', '/static//', '/static/%2f', '/static/file:']) {
        await expectNothing(subject, prefix + secret);
        await expectNothing(subject, prefix + encodeURIComponent(secret));
      }
      await expectNothing(subject, '/static/C:/secret.txt');
    },
    'NUL does not end a name': async (subject) => {
      await expectNothing(subject, '/static/css/ascii.css%00', 'a{}');
      await expectNothing(subject, '/static/css/ascii.css%00.png', 'a{}');
    },
    'a link that leaves the folder is not followed': async (subject) => {
      await expectNothing(subject, '/static/link.txt');
      await expectNothing(subject, '/static/linked/secret.txt');
    },
    'files whose names begin with a dot are not served unless published': async (subject) => {
      await expectNothing(subject, '/static/.env');
      await expectNothing(subject, '/static/.git/config');
    },
    'a folder is not listed': async ({ get }) => {
      for (const target of ['/static/', '/static/css', '/static/css/']) {
        const { status, text } = await get(target);
        expect([target, status === 200, text.includes('app.css')]).toEqual([target, false, false]);
      }
    },
    'a file is not a folder': async (subject) => {
      await expectNothing(subject, '/static/css/ascii.css/', 'a{}');
      await expectNothing(subject, '/static/css/ascii.css/x.css', 'a{}');
    },
  }),
  ...lines('RFC 9111 §5.2.2.5', {
    'an unknown fingerprint is answered with 404 and no-store, never with a page': async ({ get }) => {
      const { status, headers } = await get('/static/css/app.0123456789ab.css');
      expect([status, headers['cache-control']]).toEqual([404, 'no-store']);
      expect(headers['content-type'] ?? '').not.toMatch(/html/);
    },
  }),
];

/** Adds files and links that must not be served to the folder of the collected files. */
export function prepareTraps(root: string): void {
  const outside = path.join(root, '../outside');
  fs.mkdirSync(outside, { recursive: true });
  fs.writeFileSync(path.join(outside, 'secret.txt'), SECRET);
  fs.symlinkSync(path.join(outside, 'secret.txt'), path.join(root, 'link.txt'));
  fs.symlinkSync(outside, path.join(root, 'linked'));
  fs.mkdirSync(path.join(root, '.git'));
  fs.writeFileSync(path.join(root, '.git/config'), SECRET);
  fs.writeFileSync(path.join(root, '.env'), SECRET);
}
