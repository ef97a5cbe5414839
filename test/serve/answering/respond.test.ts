import fs from 'node:fs';
import { brotliDecompressSync } from 'node:zlib';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { headerPairs } from '../../../src/serve/answer.js';
import { serve } from '../../../src/serve/serve.js';
import { ask } from '../support/ask.js';
import { openFiles } from '../support/open-files.js';
import { newSite, type Site } from '../support/site.js';

const TEXT = '0123456789';
/** Larger than what is read before the head is sent. */
const LARGE = 'abcdefgh'.repeat(40_000);

async function served(options: { readonly cacheSize?: number }) {
  const site: Site = await newSite({ 'a.txt': TEXT, 'large.txt': LARGE }, { postProcess: ['fingerprint'] });
  const statics = await serve({ manifest: site.manifest, ...options });
  onTestFinished(() => statics.close());
  return {
    get: async (name: string, headers: Record<string, string> = {}, method = 'GET') =>
      (await ask(statics, site.url(name), headers, method))!,
  };
}

/** The parts of a multipart body: their heads, and what they contain. */
function partsOf({
  headers,
  text,
}: {
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}) {
  const [, boundary] = /^multipart\/byteranges; boundary=(\S+)$/.exec(headers['content-type']!)!;
  const [before, ...parts] = text.split(`\r\n--${boundary}`);
  expect(before).toBe('');
  expect(parts.pop()).toBe('--\r\n');
  return parts.map((part) => {
    const [head, content] = part.split('\r\n\r\n') as [string, string];
    return { head: head.trim().split('\r\n'), content };
  });
}

describe.each([
  ['in memory', {}],
  ['on the disk', { cacheSize: 0 }],
])('a file %s', (_, options) => {
  test('is sent whole', async () => {
    const { get } = await served(options);
    for (const [name, content] of [
      ['a.txt', TEXT],
      ['large.txt', LARGE],
    ] as const) {
      const { status, headers, text } = await get(name);
      expect([status, text === content]).toEqual([200, true]);
      expect(headers).toMatchObject({
        'content-type': 'text/plain; charset=utf-8',
        'content-length': String(content.length),
        'accept-ranges': 'bytes',
      });
    }
  });

  test.each([
    ['bytes=0-0', '0', 'bytes 0-0/10'],
    ['bytes=2-4', '234', 'bytes 2-4/10'],
    ['bytes=-3', '789', 'bytes 7-9/10'],
    ['bytes=0-9', TEXT, 'bytes 0-9/10'],
  ])('is sent in part for %s', async (range, content, contentRange) => {
    const { get } = await served(options);
    const { status, headers, text } = await get('a.txt', { range });
    expect([status, text]).toEqual([206, content]);
    expect(headers).toMatchObject({
      'content-type': 'text/plain; charset=utf-8',
      'content-length': String(content.length),
      'content-range': contentRange,
      etag: expect.stringMatching(/^".+"$/),
    });
  });

  test('is sent in a part that is larger than what is read ahead', async () => {
    const { get } = await served(options);
    const { status, headers, text } = await get('large.txt', { range: 'bytes=1-300000' });
    expect([status, headers['content-length'], text === LARGE.slice(1, 300_001)]).toEqual([
      206,
      '300000',
      true,
    ]);
  });

  test('is sent in several parts, each with its own head', async () => {
    const { get } = await served(options);
    const answered = await get('a.txt', { range: 'bytes=1-2,5-7' });
    expect(answered.status).toBe(206);
    expect(partsOf(answered)).toEqual([
      { head: ['Content-Type: text/plain; charset=utf-8', 'Content-Range: bytes 1-2/10'], content: '12' },
      { head: ['Content-Type: text/plain; charset=utf-8', 'Content-Range: bytes 5-7/10'], content: '567' },
    ]);
    expect(answered.headers['content-length']).toBe(String(answered.text.length));
    expect(answered.headers).not.toHaveProperty('content-range');
  });

  test('answers a range behind its end with its size', async () => {
    const { get } = await served(options);
    const { status, headers, text } = await get('a.txt', { range: 'bytes=10-' });
    expect([status, headers['content-range'], text]).toEqual([416, 'bytes */10', '']);
  });

  test('is sent whole if the range is malformed, or is of another representation', async () => {
    const { get } = await served(options);
    expect(await get('a.txt', { range: 'bytes=2-1' })).toMatchObject({ status: 200, text: TEXT });
    const old = { range: 'bytes=1-2', 'if-range': '"old"' };
    expect(await get('a.txt', old)).toMatchObject({ status: 200, text: TEXT });
    const { headers } = await get('a.txt');
    expect(await get('a.txt', { ...old, 'if-range': headers.etag! })).toMatchObject({
      status: 206,
      text: '12',
    });
  });

  test('gives HEAD the headers of GET, and ignores its range', async () => {
    const { get } = await served(options);
    const whole = await get('a.txt');
    const head = await get('a.txt', { range: 'bytes=1-2' }, 'HEAD');
    expect([head.status, head.text, head.headers]).toEqual([200, '', whole.headers]);
  });

  test('is not sent to a client that has it, nor under a condition that fails', async () => {
    const { get } = await served(options);
    const { etag } = (await get('a.txt')).headers;
    expect(await get('a.txt', { 'if-none-match': etag! })).toMatchObject({
      status: 304,
      text: '',
      headers: { etag },
    });
    expect(await get('a.txt', { 'if-match': '"old"' })).toMatchObject({ status: 412, text: '' });
  });

  test('is refused if a client accepts none of its encodings', async () => {
    const { get } = await served(options);
    const { status, headers } = await get('a.txt', { 'accept-encoding': 'identity;q=0' });
    expect([status, headers.vary]).toEqual([406, 'Accept-Encoding']);
  });
});

describe('a compressed variant', () => {
  test('is sent in one part of its own bytes, and whole if several parts are asked for', async () => {
    const site = await newSite({ 'a.css': 'a { color: red }\n'.repeat(100) });
    const statics = await serve({ manifest: site.manifest });
    onTestFinished(() => statics.close());
    const answer = async (range: string) => {
      const { status, headers, body } = (await statics.answer({
        method: 'GET',
        url: site.url('a.css'),
        headers: { 'accept-encoding': 'br', range },
      }))!;
      return { status, encoding: headers[headers.indexOf('content-encoding') + 1], body: body as Buffer };
    };
    const whole = await answer('bytes=0-3,5-6');
    expect([whole.status, whole.encoding]).toEqual([200, 'br']);
    expect(brotliDecompressSync(whole.body).length).toBe(1700);
    const part = await answer('bytes=1-3');
    expect([part.status, part.encoding]).toEqual([206, 'br']);
    expect(part.body).toEqual(whole.body.subarray(1, 4));
  });
});

describe('several parts of a file on the disk', () => {
  const ranges = 'bytes=1-2,300000-300003';

  async function answered() {
    const site = await newSite({ 'large.txt': LARGE }, { postProcess: ['fingerprint'] });
    const statics = await serve({ manifest: site.manifest, cacheSize: 0 });
    onTestFinished(() => statics.close());
    const url = site.url('large.txt');
    const answer = async () => (await statics.answer({ method: 'GET', url, headers: { range: ranges } }))!;
    const { headers, body } = await answer();
    if (body === undefined || Buffer.isBuffer(body)) throw new Error('It is read before it is sent.');
    return { site, statics, headers, body, answer, isOpen: () => openFiles(site.dir).length > 0 };
  }

  async function textOf(chunks: AsyncIterable<Buffer>): Promise<string> {
    const all: Buffer[] = [];
    for await (const chunk of chunks) all.push(chunk);
    return Buffer.concat(all).toString();
  }

  test('are sent with a boundary that no other answer has', async () => {
    const { headers, body, answer } = await answered();
    const text = await textOf(body.chunks());
    expect(text.length).toBe(body.size);
    const parts = partsOf({ headers: Object.fromEntries(headerPairs(headers)), text });
    expect(parts.map(({ content }) => content)).toEqual(['bc', 'abcd']);
    const again = await answer();
    expect(again.headers[1]).not.toBe(headers[1]);
    (again.body as typeof body).release();
  });

  test('keep the file open until the last one is sent, also if the server is closed', async () => {
    const { statics, body, isOpen } = await answered();
    const chunks = body.chunks();
    await chunks.next();
    statics.close();
    expect(isOpen()).toBe(true);
    expect(await textOf(chunks)).toContain('abcd');
    await vi.waitFor(() => expect(isOpen()).toBe(false));
  });

  test('keep it open no longer if the client disconnects, before or while they are sent', async () => {
    const { statics, body, answer, isOpen } = await answered();
    body.release();
    const chunks = ((await answer()).body as typeof body).chunks();
    await chunks.next();
    await chunks.return();
    expect(isOpen()).toBe(true); // for the next request
    statics.close();
    await vi.waitFor(() => expect(isOpen()).toBe(false));
  });

  test('end with an error if the file is overwritten meanwhile', async () => {
    const { site, body } = await answered();
    const chunks = body.chunks();
    await chunks.next();
    const { paths } = JSON.parse(fs.readFileSync(site.manifest, 'utf8'));
    site.write({ [`root/${paths['large.txt']}`]: LARGE.toUpperCase() });
    await expect(textOf(chunks)).rejects.toThrow('The file changed while it was sent.');
  });
});

test.each([
  [200, 'GET', {}],
  [200, 'HEAD', {}],
  [206, 'GET', { range: 'bytes=1-2' }],
  [206, 'GET', { range: 'bytes=1-2,5-6' }],
  [416, 'GET', { range: 'bytes=99-' }],
  [412, 'GET', { 'if-match': '"other"' }],
  [304, 'GET', { 'if-none-match': '*' }],
])('a %i to %s with %j leaves the origins to earlier middleware', async (status, method, headers) => {
  for (const cacheSize of [undefined, 0]) {
    const site = await newSite({ 'a.js': TEXT }, { postProcess: ['fingerprint'] });
    const statics = await serve({ manifest: site.manifest, ...(cacheSize === 0 && { cacheSize }) });
    onTestFinished(() => statics.close());
    const request = { method, url: site.url('a.js'), headers };
    for (let round = 0; round < 2; round++) {
      const answered = await statics.answer(request);
      expect(answered).toMatchObject({ status, yields: ['access-control-allow-origin'] });
      expect(answered?.headers).toContain('access-control-allow-origin');
      if (answered?.body !== undefined && !Buffer.isBuffer(answered.body)) answered.body.release();
    }
  }
});
