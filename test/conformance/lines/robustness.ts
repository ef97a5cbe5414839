import fs from 'node:fs';
import net from 'node:net';
import { expect } from 'vitest';
import type { Reply } from '../../serve/support/http.js';
import { LARGE } from '../files.js';
import { lines, type Subject } from '../line.js';

/** Expects a 404, or the whole of one of the contents. */
function expectWhole({ status, headers, text }: Reply, contents: readonly string[]): void {
  if (status === 404) return;
  expect(status).toBe(200);
  expect(headers['content-length']).toBe(String(Buffer.byteLength(text)));
  expect(contents.includes(text)).toBe(true);
}

async function expectAlive({ plain }: Subject): Promise<void> {
  expect((await plain('digits.bin')).status).toBe(200);
}

/** Sends bytes, and disconnects as soon as something comes back. */
function hangUp(port: number, sent: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = net.connect(port, '127.0.0.1', () => socket.write(sent));
    socket.once('data', () => socket.destroy());
    socket.once('close', () => resolve());
    socket.once('error', reject);
  });
}

const HUGE = 'x'.repeat(14_000);

export const robustness = [
  ...lines('RFC 9112 §8', {
    'a deleted file is answered with 404 or with all its old bytes': async (subject) => {
      fs.rmSync(subject.site.path('root/changes/deleted.txt'));
      expectWhole(await subject.plain('changes/deleted.txt'), ['deleted']);
      await expectAlive(subject);
    },
    'a file that was sent and then deleted is answered with 404 or with all its old bytes': async (
      subject,
    ) => {
      await subject.plain('changes/deleted-late.txt');
      fs.rmSync(subject.site.path('root/changes/deleted-late.txt'));
      expectWhole(await subject.plain('changes/deleted-late.txt'), ['deleted late']);
      await subject.plain('changes/large-deleted.txt');
      fs.rmSync(subject.site.path('root/changes/large-deleted.txt'));
      expectWhole(await subject.plain('changes/large-deleted.txt'), [LARGE]);
      await expectAlive(subject);
    },
    'a file that has grown is sent whole': async (subject) => {
      const file = subject.site.path('root/changes/grown.txt');
      fs.appendFileSync(file, ', and longer');
      expectWhole(await subject.plain('changes/grown.txt'), ['short', 'short, and longer']);
    },
    'a file that has shrunk is sent whole': async (subject) => {
      fs.truncateSync(subject.site.path('root/changes/shrunk.txt'), 3);
      expectWhole(await subject.plain('changes/shrunk.txt'), ['a l', 'a longer text']);
      await subject.plain('changes/large-shrunk.txt');
      fs.truncateSync(subject.site.path('root/changes/large-shrunk.txt'), 2_000_000);
      expectWhole(await subject.plain('changes/large-shrunk.txt'), [LARGE, LARGE.slice(0, 2_000_000)]);
    },
    'a replaced file has another ETag': async (subject) => {
      const before = await subject.plain('changes/replaced.txt');
      const file = subject.site.path('root/changes/replaced.txt');
      fs.writeFileSync(`${file}.new`, 'after!');
      const { atime, mtime } = fs.statSync(file);
      fs.utimesSync(`${file}.new`, atime, mtime);
      fs.renameSync(`${file}.new`, file);
      const after = await subject.plain('changes/replaced.txt');
      expectWhole(after, ['before', 'after!']);
      if (after.text !== before.text) expect(after.headers.etag).not.toBe(before.headers.etag);
    },
  }),
  ...lines('RFC 9110 §17.5', {
    'headers of 14 kB do no harm': async (subject) => {
      const names = [
        'accept-encoding',
        'if-none-match',
        'if-modified-since',
        'range',
        'if-range',
        'if-match',
      ];
      for (const name of names) {
        const { status } = await subject.plain('digits.bin', { [name]: HUGE });
        expect([name, [200, 400, 412, 416].includes(status)]).toEqual([name, true]);
      }
      await expectAlive(subject);
    },
    'long lists of q-values, tags and ranges do no harm': async (subject) => {
      const list = (each: string) => Array.from({ length: 1500 }, () => each).join();
      await subject.plain('digits.bin', { 'accept-encoding': list('gzip;q=1') });
      await subject.plain('digits.bin', { 'if-none-match': list('"other"') });
      await subject.plain('digits.bin', { range: `bytes=${list('0-9')}` });
      await expectAlive(subject);
    },
    'a thousand headers, or one a hundred times, do no harm': async (subject) => {
      const many = Object.fromEntries(Array.from({ length: 1000 }, (_, index) => [`x-${index}`, 'a']));
      expect([200, 400, 431]).toContain((await subject.plain('digits.bin', many)).status);
      const cookies = Array.from({ length: 100 }, () => 'a=b');
      expect([200, 431]).toContain((await subject.plain('digits.bin', { cookie: cookies })).status);
      await expectAlive(subject);
    },
    'a path of 14 kB does no harm': async (subject) => {
      expect([400, 404, 414]).toContain((await subject.get(`/static/${HUGE}`)).status);
      expect([400, 404, 414]).toContain((await subject.get(`/static/${'a/'.repeat(7000)}`)).status);
    },
  }),
  ...lines('RFC 9112 §9.5', {
    'clients that disconnect do no harm': async (subject) => {
      const sent = 'GET /static/large.txt HTTP/1.1\r\nhost: a\r\n\r\n';
      await Promise.all(Array.from({ length: 20 }, () => hangUp(subject.port, sent)));
      await expectAlive(subject);
    },
  }),
];
