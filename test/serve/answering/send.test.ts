import fs from 'node:fs';
import { gzipSync } from 'node:zlib';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { createSender } from '../../../src/serve/answering/send.js';
import { createResource } from '../../../src/serve/bodies/resource.js';
import type { EncodedFile } from '../../../src/serve/files/file-source.js';
import { systemError } from '../../support/failing-calls.js';
import { newProject, type Project } from '../../support/project.js';
import { ask } from '../support/ask.js';
import { openFiles } from '../support/open-files.js';

const TEXT = 'text '.repeat(1000);
/** Too large to be held in memory. */
const LARGE = 'large '.repeat(300_000);

interface Sending {
  readonly isLasting?: boolean;
  readonly encodings?: (project: Project) => readonly EncodedFile[];
  /** Called when the headers of a file are made, after its bytes were read. */
  onHeaders?(project: Project): void;
}

function sending({ isLasting = true, encodings, onHeaders }: Sending = {}, text = TEXT) {
  const project = newProject({ 'a.txt': text });
  fs.writeFileSync(project.path('a.txt.gz'), gzipSync(text));
  const more = () => {
    onHeaders?.(project);
    return {};
  };
  const policy = { cacheControl: () => undefined, isShared: () => false, more };
  const sender = createSender(policy, 64 * 1024 * 1024);
  onTestFinished(() => sender.close());
  const file = {
    publicPath: 'a.txt',
    file: project.path('a.txt'),
    mediaType: 'text/plain',
    fingerprinted: false,
    encodings: encodings?.(project) ?? [],
  };
  const resource = createResource(file, isLasting);
  const answer = (headers: Record<string, string> = {}, method = 'GET') =>
    sender.send({ method, url: '/a.txt', headers }, resource);
  const get = async (headers: Record<string, string> = {}, method = 'GET') =>
    (await ask({ answer: (request) => sender.send(request, resource) }, '/a.txt', headers, method))!;
  return { project, sender, answer, get, open: () => openFiles(project.dir) };
}

const gzipped = (project: Project): readonly EncodedFile[] => [
  { coding: 'gzip', file: project.path('a.txt.gz') },
];

/** Makes files fail to open until the test is over; the first ones only, if a number is given. */
function failToOpen(code: string, times = Infinity): void {
  const { open } = fs.promises;
  let left = times;
  const spy = vi.spyOn(fs.promises, 'open').mockImplementation((...call) => {
    if (left-- > 0) return Promise.reject(systemError(code));
    return open(...call);
  });
  onTestFinished(() => spy.mockRestore());
}

test('bytes in memory are answered without a promise', async () => {
  const { answer, get } = sending();
  expect(answer()).toBeInstanceOf(Promise);
  expect((await get()).text).toBe(TEXT);
  expect(answer()).toMatchObject({ status: 200, body: Buffer.from(TEXT) });
});

test('a file that is being edited is read at each request, and closed after it', async () => {
  const { project, get, open } = sending({ isLasting: false }, LARGE);
  expect((await get()).text).toBe(LARGE);
  await vi.waitFor(() => expect(open()).toEqual([]));
  project.write({ 'a.txt': 'new' });
  expect((await get()).text).toBe('new');
});

describe('a variant', () => {
  test('is sent to clients that accept it', async () => {
    const { get } = sending({ encodings: gzipped });
    expect((await get({ 'accept-encoding': 'gzip' })).headers).toMatchObject({ 'content-encoding': 'gzip' });
    expect((await get()).headers).not.toHaveProperty('content-encoding');
  });

  test('that is missing is replaced by the file, and not looked for again', async () => {
    const { project, get } = sending({ encodings: gzipped });
    fs.rmSync(project.path('a.txt.gz'));
    const opened = vi.spyOn(fs.promises, 'realpath');
    onTestFinished(() => opened.mockRestore());
    for (let round = 0; round < 2; round++) {
      const { status, headers, text } = await get({ 'accept-encoding': 'gzip' });
      expect([status, text, headers['content-encoding']]).toEqual([200, TEXT, undefined]);
    }
    expect(opened.mock.calls.map(([file]) => String(file))).toEqual([
      project.path('a.txt.gz'),
      project.path('a.txt'),
    ]);
  });

  test('that is missing is replaced by another one', async () => {
    const { get } = sending({
      encodings: (project) => [{ coding: 'br', file: project.path('none.br') }, ...gzipped(project)],
    });
    for (let round = 0; round < 2; round++) {
      const { headers } = await get({ 'accept-encoding': 'gzip, br' });
      expect(headers['content-encoding']).toBe('gzip');
    }
  });

  test('that is missing is refused to a client that accepts nothing else', async () => {
    const { project, get } = sending({ encodings: gzipped });
    fs.rmSync(project.path('a.txt.gz'));
    const accepted = { 'accept-encoding': 'gzip, identity;q=0' };
    expect((await get(accepted)).status).toBe(406);
    expect(await get(accepted, 'HEAD')).toMatchObject({ status: 406, text: '' });
  });
});

test('a missing file is a 404, and HEAD gets no body', async () => {
  const { project, get } = sending();
  fs.rmSync(project.path('a.txt'));
  expect(await get()).toMatchObject({ status: 404, text: '' });
  expect(await get({}, 'HEAD')).toMatchObject({ status: 404, text: '' });
  project.write({ 'a.txt': 'back' });
  expect((await get()).text).toBe('back');
});

test('what a client does not accept is a 406 with a text, and HEAD gets none', async () => {
  const { get } = sending();
  const nothing = { 'accept-encoding': 'identity;q=0' };
  expect(await get(nothing)).toMatchObject({ status: 406, text: expect.stringContaining('Not acceptable') });
  expect(await get(nothing, 'HEAD')).toMatchObject({ status: 406, text: '' });
});

describe('if no more files can be opened', () => {
  test.each(['EMFILE', 'ENFILE'])(
    'the answer is a 503, and the files that are kept open are closed: %s',
    async (code) => {
      const { project, get, open } = sending({ encodings: gzipped }, LARGE);
      await get();
      expect(open()).toEqual([project.path('a.txt')]);
      failToOpen(code, 2);
      expect(await get({ 'accept-encoding': 'gzip' })).toMatchObject({
        status: 503,
        text: 'Too many open files.\n',
        headers: { 'retry-after': '1' },
      });
      await vi.waitFor(() => expect(open()).toEqual([]));
      expect(await get({ 'accept-encoding': 'gzip' }, 'HEAD')).toMatchObject({ status: 503, text: '' });
      expect((await get({ 'accept-encoding': 'gzip' })).status).toBe(200);
    },
  );

  test('another error is passed on', async () => {
    const { get } = sending();
    failToOpen('EIO');
    await expect(get()).rejects.toMatchObject({ code: 'EIO' });
  });
});

describe('a file that changes while it is sent', () => {
  const range = { range: 'bytes=1-3' };

  test.each([1, 4])('%i times is sent as it is then', async (times) => {
    let left = times;
    const onHeaders = (project: Project) => {
      if (left-- > 0) fs.appendFileSync(project.path('a.txt'), 'more');
    };
    const { get } = sending({ onHeaders }, LARGE);
    const size = LARGE.length + 4 * times;
    expect(await get(range)).toMatchObject({
      status: 206,
      text: 'arg',
      headers: { 'content-range': `bytes 1-3/${size}` },
    });
  });

  test('again and again is an error that names it', async () => {
    const onHeaders = (project: Project) => fs.appendFileSync(project.path('a.txt'), 'more');
    const { project, get } = sending({ onHeaders }, LARGE);
    await expect(get(range)).rejects.toThrow(
      `'${project.path('a.txt')}' changes faster than it can be sent.`,
    );
  });
});

describe('after close', () => {
  test('no file is open', async () => {
    const { sender, get, open } = sending({}, LARGE);
    await get();
    expect(open()).toHaveLength(1);
    sender.close();
    await vi.waitFor(() => expect(open()).toEqual([]));
  });

  test('requests that are being answered get their files, which are closed then', async () => {
    const { sender, get, open } = sending({ encodings: gzipped }, LARGE);
    const answers = [get(), get({ range: 'bytes=1-3' }), get({ 'accept-encoding': 'gzip' })];
    sender.close();
    const [whole, part, encoded] = await Promise.all(answers);
    expect([whole!.text, part!.text]).toEqual([LARGE, 'arg']);
    expect(encoded!.headers['content-encoding']).toBe('gzip');
    await vi.waitFor(() => expect(open()).toEqual([]));
  });

  test('a late request is answered, and leaves no file open', async () => {
    const { sender, get, open } = sending({}, LARGE);
    sender.close();
    expect((await get()).text).toBe(LARGE);
    await vi.waitFor(() => expect(open()).toEqual([]));
  });
});
