import { createHash } from 'node:crypto';
import fs from 'node:fs';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { readStamp } from '../../../src/files/stamp.js';
import { contentInfo } from '../../../src/model/content.js';
import type { Body, Output } from '../../../src/model/output.js';
import { md5Of, md5OfPieces, outgoingBody } from '../../../src/storages/objects/body.js';
import { newProject } from '../../support/project.js';

const TEXT = 'body { background: url(a.png) } é';
const MEGABYTE = 1024 * 1024;
const project = newProject({ 'a.css': TEXT, 'large.bin': 'x'.repeat(2 * MEGABYTE + 5) });
const sha384 = (text: string) => createHash('sha384').update(text).digest('hex');

function outputOf(body: Body, more: Partial<Output> = {}): Output {
  return { logicalPath: 'a.css', publicPath: 'a.css', body, ...more };
}

function fileBody(name: string): Body {
  return { kind: 'file', file: project.path(name) };
}

const rewritten = (): Body => ({
  ...{ kind: 'rewritten', rewritten: project.path('a.css'), stamp: readStamp(project.path('a.css')) },
  insertions: [
    { offset: 0, text: '/**/', replaced: 4 },
    { offset: TEXT.indexOf('.png'), text: '.27e20196a850' },
  ],
});
const REWRITTEN = TEXT.replace('.png', '.27e20196a850.png').replace('body', '/**/');

async function piecesOf(output: Output): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  for await (const piece of outgoingBody(output).chunks()) pieces.push(piece);
  return Buffer.concat(pieces);
}

describe.each<[string, () => Body, string]>([
  ['bytes', () => ({ kind: 'bytes', bytes: Buffer.from(TEXT) }), TEXT],
  ['a file', () => fileBody('a.css'), TEXT],
  ['a large file', () => fileBody('large.bin'), 'x'.repeat(2 * MEGABYTE + 5)],
  ['a rewritten file', rewritten, REWRITTEN],
])('the upload of %s', (_, bodyOf, text) => {
  it('has its size before it is read, and its hash afterwards', async () => {
    const whole = outgoingBody(outputOf(bodyOf()));
    expect(whole.size).toBe(Buffer.byteLength(text));
    expect(() => whole.digest).toThrow('The store has not read the bytes it was to send.');
    expect(Buffer.from(whole.bytes()).equals(Buffer.from(text))).toBe(true);
    expect(whole.digest).toBe(sha384(text));
  });

  it('has them piece by piece, too', async () => {
    const body = outgoingBody(outputOf(bodyOf()));
    const pieces: Uint8Array[] = [];
    for await (const piece of body.chunks()) {
      expect(() => body.digest).toThrow(TypeError);
      pieces.push(piece);
    }
    expect(Buffer.concat(pieces).equals(Buffer.from(text))).toBe(true);
    expect(body.digest).toBe(sha384(text));
  });

  it('has the same MD5 at once and by piece', async () => {
    const body = outgoingBody(outputOf(bodyOf()));
    const { signal } = new AbortController();
    expect(await md5OfPieces(body, signal)).toEqual(createHash('md5').update(text).digest());
    expect(md5Of(Buffer.from(text))).toEqual(createHash('md5').update(text).digest());
  });

  it('stops when it is interrupted', async () => {
    const reason = new Error('stop');
    const hashing = md5OfPieces(outgoingBody(outputOf(bodyOf())), AbortSignal.abort(reason));
    await expect(hashing).rejects.toBe(reason);
  });
});

describe('a hash that is known', () => {
  const bytes = Buffer.from('encoded');
  const body: Body = { kind: 'bytes', bytes };

  it('is not computed again', async () => {
    const content = contentInfo(bytes, 'md5');
    const update = vi.spyOn(Object.getPrototypeOf(createHash('md5')), 'update');
    onTestFinished(() => update.mockRestore());
    const output = outputOf(body, { content });
    const outgoing = outgoingBody(output);
    expect(outgoing.digest).toBe(sha384('encoded'));
    outgoing.bytes();
    expect((await piecesOf(output)).toString()).toBe('encoded');
    expect(update).toHaveBeenCalledTimes(1); // by this test
  });

  it('is that of the stored bytes if they are encoded', () => {
    const output = outputOf(body, {
      ...{ contentEncoding: 'gzip', content: contentInfo(Buffer.from('decoded'), 'md5') },
      stored: contentInfo(bytes, 'md5'),
    });
    expect(outgoingBody(output).digest).toBe(sha384('encoded'));
    const { stored: _, ...unknown } = output;
    expect(() => outgoingBody(unknown).digest).toThrow(TypeError);
  });
});

it('a file that changes before it is uploaded is not', async () => {
  const changing = newProject({ 'a.txt': 'a' });
  const output = outputOf({ kind: 'file', file: changing.path('a.txt') });
  const body = outgoingBody(output);
  fs.writeFileSync(changing.path('a.txt'), 'longer');
  expect(() => body.bytes()).toThrow(expect.objectContaining({ code: 'source' }));
  const read = async () => {
    for await (const _ of body.chunks());
  };
  await expect(read()).rejects.toMatchObject({ code: 'source' });
});
