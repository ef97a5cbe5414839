import fs from 'node:fs';
import { expect, it, vi } from 'vitest';
import { readStamp } from '../../../src/files/stamp.js';
import type { Body } from '../../../src/model/output.js';
import { openStaging, type Staging } from '../../../src/storages/filesystem/staging.js';
import { writeBatch } from '../../../src/storages/filesystem/write-batch.js';
import type { WriteRequest, Written } from '../../../src/storages/storage.js';
import { failCalls, systemError } from '../../support/failing-calls.js';
import { newProject, type Project } from '../../support/project.js';

function request(publicPath: string, body: Body, link = false): WriteRequest {
  return { publicPath, body, link, output: { logicalPath: publicPath, publicPath, body } };
}

const bytes = (publicPath: string) => request(publicPath, { kind: 'bytes', bytes: Buffer.from(publicPath) });

const copyOf = (publicPath: string, file: string, link = false) =>
  request(publicPath, { kind: 'file', file }, link);

function batch(project: Project, files: readonly WriteRequest[], signal = new AbortController().signal) {
  fs.mkdirSync(project.path('root'), { recursive: true });
  const staging: Staging = openStaging(project.path('root'));
  const options = {
    folder: project.path('root'),
    staging,
    mode: { mode: 0o644, chmod: false },
    progress: () => {},
    signal,
  };
  return { staging, writing: writeBatch(files, options) };
}

it('files are reported with their source or time, those that were made first', async () => {
  const project = newProject({ 'a.txt': 'a', 'css.css': 'url()' });
  const rewritten = {
    kind: 'rewritten',
    rewritten: project.path('css.css'),
    stamp: readStamp(project.path('css.css')),
    insertions: [],
  } as Body;
  const files = [
    copyOf('x/a.txt', project.path('a.txt')),
    bytes('b.txt'),
    copyOf('y/a.txt', project.path('a.txt')),
    request('css.css', rewritten),
    copyOf('l.txt', project.path('a.txt'), true),
  ];
  const { staging, writing } = batch(project, files);
  const report = await writing;
  await staging.place();
  staging.discard();
  const reported: Written[] = [];
  report((written) => reported.push(written));
  const source = readStamp(project.path('a.txt'));
  const timeOf = (name: string) => fs.statSync(project.path('root', name)).mtimeMs;
  expect(reported).toEqual([
    { publicPath: 'b.txt', mtimeMs: timeOf('b.txt') },
    { publicPath: 'css.css', mtimeMs: timeOf('css.css'), source: readStamp(project.path('css.css')) },
    { publicPath: 'l.txt' },
    { publicPath: 'x/a.txt', source },
    { publicPath: 'y/a.txt', source },
  ]);
  expect(project.tree()).toMatchObject({
    'b.txt': { text: 'b.txt' },
    'css.css': { text: 'url()' },
    'l.txt': { link: '{TMP}/a.txt' },
    'x/a.txt': { text: 'a' },
  });
});

it.each<[string, 'symlinkSync' | 'writeSync', (project: Project) => WriteRequest]>([
  ['a link', 'symlinkSync', (project) => copyOf('x/y.txt', project.path('a.txt'), true)],
  ['a file that was made', 'writeSync', () => bytes('x/y.txt')],
  ['a copy', 'writeSync', (project) => copyOf('x/y.txt', project.path('a.txt'))],
])('the published path of %s that cannot be written is named', async (_, call, requestOf) => {
  const project = newProject({ 'a.txt': 'a' });
  failCalls(call, systemError('ENOSPC'));
  await expect(batch(project, [requestOf(project)]).writing).rejects.toMatchObject({
    code: 'target',
    message: `Cannot write '${project.path('root/x/y.txt')}': no space left on the device.`,
    cause: { code: 'ENOSPC' },
  });
});

it('an error of reading a body is not taken for one of writing', async () => {
  const project = newProject({});
  const rewritten = { kind: 'rewritten', rewritten: project.path('gone'), insertions: [] } as unknown as Body;
  await expect(batch(project, [request('a', rewritten)]).writing).rejects.toMatchObject({ code: 'ENOENT' });
});

it('files are no longer made when the run is interrupted', async () => {
  const project = newProject({});
  const reason = new Error('stop');
  let now = 0;
  const clock = vi.spyOn(performance, 'now').mockImplementation(() => (now += 1000));
  const { staging, writing } = batch(project, [bytes('a'), bytes('b')], AbortSignal.abort(reason));
  await expect(writing).rejects.toBe(reason);
  clock.mockRestore();
  expect(fs.readdirSync(staging.folder)).toEqual([]);
});
