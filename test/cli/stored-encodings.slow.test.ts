import fs from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import zlib from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { collect, run } from '../support/command.js';
import { newProject, type Project } from '../support/project.js';
import { style } from '../support/releases.js';

const PACKAGE = pathToFileURL(path.resolve(import.meta.dirname, '../../dist/index.js')).href;

/** A service of objects in a folder: NAME has the bytes, NAME~headers the headers, which it can change alone. */
const FOLDER_STORE = `
import fs from 'node:fs';
import path from 'node:path';
import { createHash } from 'node:crypto';
import { ConditionFailed, objectStorage } from '${PACKAGE}';

const md5 = (bytes) => createHash('md5').update(bytes).digest('hex');

export default ({ folder, ...options }, { baseDir }) => {
  const at = (key) => path.join(baseDir, folder, key);
  const version = (key) => (fs.existsSync(at(key)) ? md5(fs.readFileSync(at(key))) : undefined);
  const check = (key, condition) => {
    if (condition && version(key) !== condition.version) throw new ConditionFailed(key);
  };
  const writeHeaders = (key, headers) => fs.writeFileSync(at(key) + '~headers', JSON.stringify(headers));
  const store = {
    name: 'folder-store',
    displayUrl: 'folder:store',
    async *list(prefix) {
      const names = fs.existsSync(at('')) ? fs.readdirSync(at(''), { recursive: true }) : [];
      yield names
        .filter((name) => name.startsWith(prefix) && !name.endsWith('~headers') && fs.statSync(at(name)).isFile())
        .map((key) => ({ key, size: fs.statSync(at(key)).size, version: version(key), md5: version(key) }));
    },
    async read(key) {
      return fs.existsSync(at(key)) ? { bytes: fs.readFileSync(at(key)), version: version(key) } : undefined;
    },
    async put(key, body, { headers, condition }) {
      check(key, condition);
      fs.mkdirSync(path.dirname(at(key)), { recursive: true });
      fs.writeFileSync(at(key), body.bytes());
      writeHeaders(key, headers);
      return { version: version(key) };
    },
    async putHeaders(key, { headers, condition }) {
      check(key, condition);
      writeHeaders(key, headers);
      return { version: version(key) };
    },
    async remove(keys) {
      for (const key of keys) for (const name of [key, key + '~headers']) fs.rmSync(at(name), { force: true });
    },
  };
  return objectStorage(store, options);
};
`;

const INDEX = 'store/.staticfiles-index.json';
const HEAD = 'store/.staticfiles-head.json';

function newSite(): Project {
  return newProject({ 'folder-store.mjs': FOLDER_STORE, 'static/a.css': style('red') });
}

function settle(
  project: Project,
  options: object,
  postProcess: readonly unknown[] = ['fingerprint', 'compress'],
) {
  const storage = { backend: './folder-store.mjs', options: { folder: 'store', ...options } };
  const folders = { staticfilesDirs: ['static'], cacheDir: 'cache' };
  project.settings({ ...folders, postProcess, storages: { staticfiles: storage } });
}

/** Fingerprinted style sheets as a browser gets them. */
function styles(project: Project): string[] {
  const names = fs.readdirSync(project.path('store')).filter((name) => /^a\.\w+\.css$/.test(name));
  return names.map((name) => {
    const bytes = fs.readFileSync(project.path('store', name));
    const { contentEncoding } = JSON.parse(fs.readFileSync(project.path('store', `${name}~headers`), 'utf8'));
    if (contentEncoding === 'gzip') return `gzip: ${zlib.gunzipSync(bytes)}`;
    return `${contentEncoding}: ${contentEncoding === 'br' ? zlib.brotliDecompressSync(bytes) : bytes}`;
  });
}

describe.concurrent('an object that is stored in another encoding', () => {
  test('is sent again, also in the other direction', async () => {
    const project = newSite();
    settle(project, {});
    expect(await collect(project)).toMatchObject({ exit: 0, stderr: '' });
    settle(project, { encoding: 'inline' });
    const { stdout } = await collect(project);
    expect(stdout).toContain('1 copied');
    expect(stdout).not.toContain('given other headers');
    expect(styles(project)).toEqual([`gzip: ${style('red')}`]);
    expect((await collect(project)).stdout).toMatch(/: \d+ unmodified · /);
    settle(project, { encoding: 'inline' }, ['fingerprint', ['compress', { encodings: ['br'] }]]);
    await collect(project, ['--checksum']);
    expect(styles(project)).toEqual([`br: ${style('red')}`]);
    settle(project, { encoding: 'inline' }, ['fingerprint']);
    await collect(project);
    expect(styles(project)).toEqual([`undefined: ${style('red')}`]);
  });

  test('is repaired if an earlier version changed only its headers', async () => {
    const project = newSite();
    settle(project, {});
    await collect(project);
    const [name] = fs.readdirSync(project.path('store')).filter((each) => /^a\.\w+\.css~headers$/.test(each));
    const headers = project.path('store', name!);
    const gzip = { ...JSON.parse(fs.readFileSync(headers, 'utf8')), contentEncoding: 'gzip' };
    fs.writeFileSync(headers, JSON.stringify(gzip));
    const index = fs.readFileSync(project.path(INDEX), 'utf8');
    fs.writeFileSync(project.path(INDEX), index.replace('"version":"2.0"', '"version":"1.0"'));
    fs.rmSync(project.path(HEAD)); // such a version made none
    expect(() => styles(project)).toThrow('incorrect header check');
    expect(await collect(project)).toMatchObject({ exit: 0, stderr: '' });
    expect(styles(project)).toEqual([`undefined: ${style('red')}`]);
  });
});

describe.concurrent('releases that are stored inline', () => {
  const twoReleases = async (): Promise<Project> => {
    const project = newSite();
    settle(project, { encoding: 'inline' });
    await collect(project, ['--release', 'r1']);
    project.write({ 'static/a.css': style('green') });
    await collect(project, ['--release', 'r2']);
    return project;
  };
  const staticfiles = (project: Project, ...argv: string[]) => run(project, 'staticfiles', argv);

  test('are activated and pruned without their index', async () => {
    const project = await twoReleases();
    fs.rmSync(project.path(INDEX));
    const activated = await staticfiles(project, 'releases', 'activate', 'r1');
    expect(activated).toMatchObject({
      exit: 0,
      stdout: expect.stringContaining("Release 'r1' is now active"),
    });
    await staticfiles(project, 'releases', 'activate', 'r2');
    fs.rmSync(project.path(INDEX));
    const pruned = await staticfiles(project, 'prune', '--noinput', '--keep', '1', '--older-than', '0d');
    expect(pruned.stdout).toContain('1 file (');
    expect(pruned.stdout).not.toContain('Leaving');
    expect(styles(project)).toEqual([`gzip: ${style('green')}`]);
  });

  test('are activated and pruned if the next run keeps no index', async () => {
    const project = await twoReleases();
    await collect(project, ['--release', 'r2', '--no-index']);
    expect(await staticfiles(project, 'releases', 'activate', 'r1')).toMatchObject({ exit: 0 });
    expect(await staticfiles(project, 'releases', 'activate', 'r2')).toMatchObject({ exit: 0 });
    const pruned = await staticfiles(project, 'prune', '--noinput', '--keep', '1', '--older-than', '0d');
    expect(pruned.stdout).not.toContain('Leaving');
    expect(styles(project)).toEqual([`gzip: ${style('green')}`]);
  });
});
