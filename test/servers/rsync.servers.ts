import fs from 'node:fs';
import path from 'node:path';
import zlib from 'node:zlib';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { AfterPublish } from '../../src/cdn/after-publish.js';
import type { CollectOptions } from '../../src/collectstatic.js';
import { collectstatic } from '../../src/collectstatic.js';
import { resolveSettings } from '../../src/settings/resolve.js';
import { parseIndex } from '../../src/storages/rsync/index-file.js';
import { type RsyncOptions, rsyncStorage } from '../../src/storages/rsync/rsync.js';
import type { WriteRequest } from '../../src/storages/storage.js';
import { newProject, type Project } from '../support/project.js';
import { debianProgram } from '../system/install.js';
import type { ServerProcess } from './start/process.js';
import { startRsyncDaemon } from './start/rsync-daemon.js';

const INDEX = '.staticfiles-index.json';
const { signal } = new AbortController();

beforeAll(() => {
  debianProgram('rsync');
});

function projectWith(tree: Record<string, string>): Project {
  return newProject(Object.fromEntries(Object.entries(tree).map(([name, text]) => [`static/${name}`, text])));
}

interface Deploy extends CollectOptions {
  readonly rsync?: Partial<RsyncOptions>;
  readonly release?: string;
  readonly afterPublish?: AfterPublish;
}

/** Collects a project, with fingerprints, to two hosts. */
async function deploy(project: Project, { rsync = {}, release, afterPublish, ...options }: Deploy = {}) {
  const settings = await resolveSettings(
    {
      staticfilesDirs: ['static'],
      postProcess: ['fingerprint'],
      cacheDir: 'cache',
      ...(release !== undefined && { release: { id: release } }),
      storages: {
        staticfiles: {
          ...{ backend: 'rsync', options: { hosts: ['host-1', 'host-2'], ...rsync } },
          ...(afterPublish && { afterPublish }),
        },
      },
    },
    { baseDir: project.dir },
  );
  return collectstatic(settings, options);
}

/** Returns the files of a host without its index. */
function textsAt(project: Project, host: string): Record<string, string> {
  const { [INDEX]: _, ...texts } = project.texts(host);
  return texts;
}

function indexAt(project: Project, host: string) {
  return parseIndex(fs.readFileSync(project.path(host, INDEX), 'utf8'));
}

/** Leaves the indexes of both hosts like a killed run. */
function leaveOpen(project: Project): void {
  for (const host of ['host-1', 'host-2']) {
    const file = project.path(host, INDEX);
    fs.writeFileSync(file, fs.readFileSync(file, 'utf8').replace('"open":false', '"open":true'));
  }
}

function leftovers(project: Project): string[] {
  return fs.readdirSync(project.path('cache/rsync'));
}

describe('rsync', () => {
  it('publishes the same files to all hosts, and sends nothing when nothing has changed', async () => {
    const project = projectWith({ 'css/app.css': 'a {}', 'img/-odd #1.svg': '<svg/>', '#x': 'x', ';y': 'y' });
    await deploy(project);
    const published = textsAt(project, 'host-1');
    expect(published).toMatchObject({
      'css/app.css': 'a {}',
      'img/-odd #1.svg': '<svg/>',
      '#x': 'x',
      ';y': 'y',
    });
    expect(Object.keys(published)).toContain('staticfiles.json');
    expect(textsAt(project, 'host-2')).toEqual(published);
    const before = [indexAt(project, 'host-1'), indexAt(project, 'host-2')];
    expect(before).toMatchObject([{ open: false }, { open: false }]);

    const { counts } = await deploy(project);
    expect(counts).toMatchObject({ copied: 0, deleted: 0 });
    expect([indexAt(project, 'host-1'), indexAt(project, 'host-2')]).toEqual(before);
    expect(leftovers(project)).toEqual([]);
  });

  it('gives copies the time of their source and the mode 0644, with any umask', async () => {
    const project = projectWith({ 'a.css': 'a {}' });
    const umask = process.umask(0o077);
    await deploy(project).finally(() => process.umask(umask));
    const { mode, mtimeMs } = fs.statSync(project.path('host-1/a.css'));
    expect((mode & 0o777).toString(8)).toBe('644');
    expect(mtimeMs).toBe(fs.statSync(project.path('static/a.css')).mtimeMs);
  });

  it('passes arguments on', async () => {
    const project = projectWith({ 'a.css': 'a {}' });
    await deploy(project, { rsync: { args: ['--chmod=F640', '--verbose', '--stats'] } });
    expect((fs.statSync(project.path('host-1/a.css')).mode & 0o777).toString(8)).toBe('640');
    const { counts } = await deploy(project, { rsync: { args: ['--verbose'] }, checksum: true });
    expect(counts).toMatchObject({ copied: 0 });
    expect(textsAt(project, 'host-2')).toEqual(textsAt(project, 'host-1'));
  });

  it.each<[string, CollectOptions]>([
    ['--checksum', { checksum: true }],
    ['--no-index', { index: false }],
  ])('reports to the user and the hook which files were really sent with %s', async (_, options) => {
    const project = projectWith({ 'css/app.css': 'a {}', 'js/app.js': 'a', 'empty.txt': '' });
    await deploy(project);
    const reported: string[] = [];
    const afterPublish: AfterPublish = (changed) =>
      void reported.push(...changed.map(({ publicPath }) => publicPath));
    expect((await deploy(project, { ...options, afterPublish })).counts).toMatchObject({ copied: 0 });
    expect((await deploy(project, { ...options, afterPublish })).counts).toMatchObject({ copied: 0 });
    expect(reported).toEqual([]);
    project.write({ 'host-2/js/app.js': 'b' });
    expect((await deploy(project, { ...options, afterPublish })).counts).toMatchObject({ copied: 1 });
    expect(reported).toEqual(['js/app.js']);
    expect(textsAt(project, 'host-2')).toEqual(textsAt(project, 'host-1'));
    expect((await deploy(project)).counts).toMatchObject({ copied: 0 });
  });

  it('fills a new host like the others', async () => {
    const project = projectWith({ 'css/app.css': 'a {}' });
    await deploy(project);
    await deploy(project, { rsync: { hosts: ['host-1', 'host-3', 'host-2'] } });
    expect(textsAt(project, 'host-3')).toEqual(textsAt(project, 'host-1'));
    expect(indexAt(project, 'host-3')).toMatchObject({ open: false });
  });

  it('deletes with --clear files that it does not publish, and empty folders, but nothing else', async () => {
    const project = projectWith({ 'css/app.css': 'a {}' });
    await deploy(project);
    const published = textsAt(project, 'host-1');
    project.write({
      'host-1/other/deep/old name\n.css': 'old',
      'host-1/css/old.css': 'old',
      'host-2/-rf': 'old',
    });
    fs.mkdirSync(project.path('host-2/empty/folder'), { recursive: true });
    await deploy(project, { clear: true });
    for (const host of ['host-1', 'host-2']) {
      expect(textsAt(project, host)).toEqual(published);
      expect(project.emptyFolders(host)).toEqual([]);
    }
  });

  it('deletes a stale variant beside a plain name at each host, but no other variant', async () => {
    const project = projectWith({ 'a.css': 'a {}', 'b.css': 'b {}' });
    await deploy(project);
    const put = (name: string, text: string) => fs.writeFileSync(project.path(name), zlib.gzipSync(text));
    for (const host of ['host-1', 'host-2']) {
      put(`${host}/b.css.gz`, 'b {}');
      fs.rmSync(project.path(host, INDEX));
    }
    put('host-1/a.css.gz', 'a {}');
    put('host-2/a.css.gz', 'old {}');
    await deploy(project);
    for (const host of ['host-1', 'host-2']) {
      expect(Object.keys(textsAt(project, host)).filter((name) => name.endsWith('.gz'))).toEqual([
        'b.css.gz',
      ]);
    }
    expect(leftovers(project)).toEqual([]);
  });

  it('clears no folder that no run has published, except with --clear=all, and never another destination', async () => {
    const project = projectWith({ 'css/app.css': 'a {}' });
    const docs = { 'docs/.staticfiles-index.json': '{}', 'docs/index.html': 'docs' };
    for (const [name, text] of Object.entries({ ...docs, 'theirs.txt': 'theirs' }))
      project.write({ [`host-2/${name}`]: text });
    await expect(deploy(project, { clear: true })).rejects.toMatchObject({
      code: 'target',
      message: expect.stringContaining("1 file: 'theirs.txt'"),
    });
    expect(textsAt(project, 'host-2')).toEqual({ ...docs, 'theirs.txt': 'theirs' });
    await deploy(project, { clear: 'all' });
    expect(textsAt(project, 'host-2')).toEqual({ ...docs, ...textsAt(project, 'host-1') });
  });

  it.each([
    [
      'with published files',
      'b',
      "the folder of 1 file: 'b/theirs.txt', which no run of collectstatic has published",
    ],
    ['of somebody else', 'd', 'exit code 23'],
  ])('replaces no folder %s that has files which no run has published', async (_, folder, words) => {
    const project = projectWith({ 'b/c.txt': 'c' });
    await deploy(project);
    project.write({ [`host-2/${folder}/theirs.txt`]: 'theirs' });
    fs.rmSync(project.path('static/b'), { recursive: true });
    project.write({ [`static/${folder}`]: 'file' });
    await expect(deploy(project)).rejects.toThrow(words);
    expect(textsAt(project, 'host-2')).toMatchObject({ [`${folder}/theirs.txt`]: 'theirs' });
  });

  it('replaces a file by a folder, and a folder by a file', async () => {
    const project = projectWith({ a: 'file', 'b/c/d.txt': 'deep', 'b/e.txt': 'e' });
    await deploy(project);
    for (const name of ['a', 'b']) fs.rmSync(project.path('static', name), { recursive: true });
    project.write({ 'static/a/x.txt': 'x', 'static/b': 'file' });
    await deploy(project);
    for (const host of ['host-1', 'host-2']) {
      expect(textsAt(project, host)).toMatchObject({ 'a/x.txt': 'x', b: 'file' });
      expect(Object.keys(textsAt(project, host))).not.toContain('b/e.txt');
    }
    expect((await deploy(project)).counts).toMatchObject({ copied: 0 });
  });
});

describe('rsync fails', () => {
  it('before any manifest is written, if one host refuses the files', async () => {
    const project = projectWith({ 'css/app.css': 'a {}' });
    await deploy(project);
    const live = project.texts('host-1')['staticfiles.json'];
    fs.rmSync(project.path('host-2/css'), { recursive: true });
    project.write({ 'host-2/css': 'of another', 'static/css/app.css': 'b {}' });
    await expect(deploy(project)).rejects.toMatchObject({
      code: 'target',
      message: expect.stringMatching(/^'.*\/host-2\/': some files cannot be written .*Not a directory/),
    });
    for (const host of ['host-1', 'host-2']) expect(project.texts(host)['staticfiles.json']).toBe(live);
    expect(leftovers(project)).toEqual([]);

    await deploy(project);
    expect(textsAt(project, 'host-2')).toMatchObject({ 'css/app.css': 'b {}' });
    expect(project.texts('host-2')['staticfiles.json']).toBe(project.texts('host-1')['staticfiles.json']);
  });

  it('with nothing written, if a host cannot be reached', async () => {
    const project = projectWith({ 'a.css': 'a {}' });
    const rsync = {
      hosts: ['host-1', 'deploy@web2:/srv/static'],
      ssh: ['sh', '-c', 'echo no route >&2; exit 255'],
    };
    await expect(deploy(project, { rsync })).rejects.toMatchObject({
      code: 'target',
      message: expect.stringMatching(/^'deploy@web2:\/srv\/static\/': .* It said: no route$/),
    });
    expect(fs.existsSync(project.path('host-1'))).toBe(false);
  });

  it('if the parent folder of the destination is missing', async () => {
    const project = projectWith({ 'a.css': 'a {}' });
    await expect(deploy(project, { rsync: { hosts: ['no/such/folder'] } })).rejects.toMatchObject({
      code: 'target',
      message: expect.stringContaining('Check that the folder above exists'),
    });
  });

  it('as wrong settings, if rsync is not installed', async () => {
    const project = projectWith({ 'a.css': 'a {}' });
    const { PATH } = process.env;
    process.env.PATH = project.dir;
    const deploying = deploy(project).finally(() => {
      process.env.PATH = PATH;
    });
    await expect(deploying).rejects.toMatchObject({
      code: 'settings',
      message: expect.stringContaining(
        'which is not in PATH. Install it here and on the servers: apt install rsync,',
      ),
    });
  });
});

describe('a daemon of rsync', () => {
  const server = newProject({ 'daemon/': { folder: true } });
  let daemon: ServerProcess;
  beforeAll(async () => {
    daemon = await startRsyncDaemon(server.path('daemon'));
  });
  afterAll(() => daemon.stop());

  it.each(['assets', 'assets/site/deep-1'])('is published to, in %s', async (destination) => {
    fs.mkdirSync(path.dirname(server.path('daemon', destination)), { recursive: true });
    const project = projectWith({ 'css/app.css': 'a {}', '#x': 'x' });
    const rsync = { hosts: [`rsync://127.0.0.1:${daemon.port}/${destination}`] };
    await deploy(project, { rsync, release: 'v1' });
    const { counts } = await deploy(project, { rsync, release: 'v1' });
    expect(counts).toMatchObject({ copied: 0 });
    await deploy(project, { rsync, release: 'v1', checksum: true });
    project.write({ 'static/css/app.css': 'b {}' });
    await deploy(project, { rsync, release: 'v2', clear: true });
    const published = server.texts(`daemon/${destination}`);
    expect(published).toMatchObject({ 'css/app.css': 'b {}', '#x': 'x' });
    expect(Object.keys(published).filter((name) => name.startsWith('v1/'))).toEqual([]);
  });

  it('that is read-only fails with a message that says so', async () => {
    const project = projectWith({ 'a.css': 'a {}' });
    const rsync = { hosts: [`rsync://127.0.0.1:${daemon.port}/frozen/`] };
    await expect(deploy(project, { rsync })).rejects.toMatchObject({
      code: 'target',
      message: expect.stringMatching(
        /the module of the rsync daemon does not allow writing\. .* It said: ERROR: module is read only$/,
      ),
    });
  });

  it('that asks for a password is not waited for', async () => {
    const project = projectWith({ 'a.css': 'a {}' });
    const rsync = { hosts: [`rsync://deploy@127.0.0.1:${daemon.port}/closed/`] };
    await expect(deploy(project, { rsync })).rejects.toMatchObject({
      code: 'target',
      message: expect.stringContaining('Check the name of its module, the user and the password'),
    });
  });
});

describe('rsync after an interrupted run', () => {
  let project: Project;
  afterEach(() => expect(leftovers(project)).toEqual([]));

  it('trusts only names with a fingerprint, and closes the indexes', async () => {
    project = projectWith({ 'css/app.css': 'a {}' });
    await deploy(project);
    leaveOpen(project);
    project.write({ 'host-2/css/app.css': 'half' });
    const { counts } = await deploy(project);
    expect(counts).toMatchObject({ files: 1, copied: 1, unmodified: 0 });
    expect(textsAt(project, 'host-2')).toEqual(textsAt(project, 'host-1'));
    expect(indexAt(project, 'host-2')).toMatchObject({ open: false });
  });

  it('sends and reports only missing files', async () => {
    project = projectWith({ 'css/app.css': 'a {}', 'js/app.js': 'a' });
    await deploy(project);
    leaveOpen(project);
    project.write({ 'static/js/new.js': 'new' });
    const reported: string[] = [];
    const afterPublish: AfterPublish = (changed) =>
      void reported.push(...changed.map(({ publicPath }) => publicPath));
    await deploy(project, { afterPublish });
    expect(reported.filter((name) => !name.startsWith('staticfiles.'))).toEqual([
      'js/new.js',
      expect.stringMatching(/^js\/new\.[0-9a-f]+\.js$/),
    ]);
  });

  it('does not take what a killed rsync has left for published, and removes it', async () => {
    project = projectWith({ 'css/app.css': 'a {}' });
    await deploy(project);
    leaveOpen(project);
    const left = {
      'host-1/css/.app.css.Xy12Ab': 'half',
      'host-1/css/.~tmp~/app.css': 'new',
      'host-1/..staticfiles-index.json.a1B2c3': '{',
    };
    const others = { 'host-1/.env.backup': 'mine', 'host-1/css/.other.css.Xy12Ab': 'mine' };
    project.write({ ...left, ...others });
    for (const name of [...Object.keys(left), ...Object.keys(others)])
      fs.chmodSync(project.path(name), 0o600);
    const before = textsAt(project, 'host-2');
    await deploy(project);
    expect(textsAt(project, 'host-1')).toEqual({
      ...before,
      '.env.backup': 'mine',
      'css/.other.css.Xy12Ab': 'mine',
    });
    expect(project.emptyFolders('host-1')).toEqual([]);
    expect([...indexAt(project, 'host-1')!.files.keys()].sort()).toEqual(Object.keys(before).sort());
  });

  it('has no child left, and finishes the work', async () => {
    project = projectWith({ 'a.css': 'a {}', 'film.bin': 'x'.repeat(3_000_000) });
    const abort = new AbortController();
    const deploying = deploy(project, {
      rsync: { args: ['--bwlimit=200'] },
      signal: abort.signal,
      onProgress: (stage, files) => stage === 'publish' && files > 0 && abort.abort(),
    });
    await expect(deploying).rejects.toMatchObject({ code: 'interrupted' });
    expect(textsAt(project, 'host-1')['film.bin']).toBeUndefined();
    expect(indexAt(project, 'host-1')).toMatchObject({ open: true });
    await deploy(project);
    expect(textsAt(project, 'host-1')['film.bin']).toHaveLength(3_000_000);
    expect(textsAt(project, 'host-2')).toEqual(textsAt(project, 'host-1'));
  });
});

describe('two runs at once', () => {
  function open(project: Project) {
    const { dir: baseDir } = project;
    const context = {
      baseDir,
      staticRoot: project.path('root'),
      staticUrl: '/static/',
      cacheDir: project.path('cache'),
    };
    return rsyncStorage({ hosts: ['host-1'] }, context);
  }

  function request(publicPath: string, text: string): WriteRequest {
    const body = { kind: 'bytes' as const, bytes: Buffer.from(text) };
    return { publicPath, body, link: false, output: { logicalPath: publicPath, publicPath, body } };
  }

  it('are noticed by the one that closes its index, and the next one lists', async () => {
    const project = newProject({});
    const writing = { done() {}, signal };
    const [first, second] = [open(project), open(project)];
    await first.inventory(signal);
    await first.write([request('a.txt', 'one')], writing);
    await second.inventory(signal);
    await second.write([request('a.txt', 'two')], writing);
    await first.write([request('b.txt', 'one')], writing);
    await expect(first.commit!({ changed: [], signal })).rejects.toMatchObject({ code: 'overtaken' });
    await expect(second.commit!({ changed: [], signal })).rejects.toMatchObject({ code: 'overtaken' });
    const inventory = await open(project).inventory(signal);
    const md5 = { hash: 'b8a9f715dbb64fd5c56e7783c6820a61', hashAlgorithm: 'md5' };
    expect(inventory.get('a.txt')).toEqual({ kind: 'file', size: 3, ...md5 });
    expect(path.basename([...inventory.entries()].at(-1)![0])).toBe('b.txt');
    expect(await inventory.digest!('a.txt', 'md5')).toBe('b8a9f715dbb64fd5c56e7783c6820a61');
  });
});
