import { describe, expect, test } from 'vitest';
import { collect, run } from '../support/command.js';
import { reportOf } from '../support/plan.js';
import { newProject, SETTINGS } from '../support/project.js';

const FINDER = `
import path from 'node:path';
export default ({ word }, { baseDir }) => {
  const root = { dir: path.join(baseDir, 'generated'), prefix: '', setting: 'staticfilesFinders', vendor: false };
  const file = { logicalPath: 'gen/x.txt', sourcePath: path.join(root.dir, 'x.txt'), root };
  return {
    name: 'generated',
    roots: () => [root],
    list: async () => [file],
    find: (logicalPath) => (logicalPath === file.logicalPath ? [file] : []),
    explain: () => undefined,
  };
};`;

const PROCESSOR = `
export default ({ text = 'built\\n' }, { staticUrl }) => ({
  name: 'banner',
  process: (outputs, context) => {
    context.warn({ code: 'banner', message: 'The banner is not translated.' });
    return [
      ...outputs.filter(({ logicalPath }) => !logicalPath.endsWith('.map')),
      { logicalPath: 'build.txt', publicPath: 'build.txt', body: { bytes: Buffer.from(staticUrl + ' ' + text) } },
    ];
  },
});`;

const STORAGE = `
import fs from 'node:fs';
import path from 'node:path';
export default ({ folder }, { baseDir }) => {
  const at = (publicPath) => path.join(baseDir, folder, publicPath.replaceAll('/', '__'));
  const bytesOf = (body) => ('bytes' in body ? body.bytes : fs.readFileSync(body.file));
  return {
    name: 'flat',
    inventory: async () => ({
      proof: { kind: 'stat' },
      get: (name) => (fs.existsSync(at(name)) ? { kind: 'file', size: fs.statSync(at(name)).size } : undefined),
      entries: () => [],
      hasBytes: (name, body) => fs.readFileSync(at(name)).equals(bytesOf(body)),
    }),
    async write(files, { done }) {
      fs.mkdirSync(at(''), { recursive: true });
      for (const { publicPath, body } of files) {
        fs.writeFileSync(at(publicPath), bytesOf(body));
        done({ publicPath });
      }
    },
    async remove() {},
    readText: async (name) => (fs.existsSync(at(name)) ? fs.readFileSync(at(name), 'utf8') : undefined),
  };
};`;

const TREE = {
  'static/a.css': 'a {}\n',
  'static/a.css.map': '{}\n',
  'static/js/b.js': 'b\n',
  'generated/x.txt': 'x\n',
  'plugins/finder.mjs': FINDER,
  'plugins/processor.mjs': PROCESSOR,
  'node_modules/flat-storage/package.json':
    '{"name":"flat-storage","type":"module","exports":{"./storage":"./s.js"}}',
  'node_modules/flat-storage/s.js': STORAGE,
};

describe.concurrent('custom plug-ins in JSON settings', () => {
  test('a finder runs before a built-in one', async () => {
    const project = newProject(TREE, {
      ...SETTINGS,
      staticfilesFinders: ['./plugins/finder.mjs', 'file-system'],
    });
    expect(await collect(project)).toMatchObject({ exit: 0, stderr: '' });
    expect(Object.keys(project.texts())).toEqual(['a.css', 'a.css.map', 'gen/x.txt', 'js/b.js']);
    expect(await run(project, 'findstatic', ['-v', '0', 'gen/x.txt'])).toMatchObject({
      exit: 0,
      stdout: '{TMP}/generated/x.txt\n',
    });
  });

  test.each([['./plugins/processor.mjs'], [['./plugins/processor.mjs', { text: 'by CI\n' }]]])(
    'a processor %j adds a file, leaves one out and warns; -n shows it',
    async (entry) => {
      const project = newProject(TREE, { ...SETTINGS, postProcess: [entry] });
      const planned = reportOf(await collect(project, ['-n', '--json']));
      const result = await collect(project);
      expect(result).toMatchObject({
        exit: 0,
        stderr: expect.stringContaining('The banner is not translated.'),
      });
      expect(result.stdout).toContain('3 static files: 2 copied · 3 published');
      const text = Array.isArray(entry) ? '/static/ by CI\n' : '/static/ built\n';
      expect(project.texts()).toEqual({ 'a.css': 'a {}\n', 'build.txt': text, 'js/b.js': 'b\n' });
      expect(planned.files.map(({ path }) => path).sort()).toEqual(Object.keys(project.texts()));
      expect(reportOf(await collect(project, ['--json'])).counts).toMatchObject({ copied: 0, unmodified: 2 });
    },
  );

  test('--no-post-process skips a processor, and --link links only originals', async () => {
    const project = newProject(TREE, { ...SETTINGS, postProcess: ['./plugins/processor.mjs'] });
    await collect(project, ['--link']);
    expect(project.tree()['a.css']?.link).toBe('{TMP}/static/a.css');
    expect(project.tree()['build.txt']?.link).toBeUndefined();
    await collect(project, ['--clear', '--no-post-process']);
    expect(Object.keys(project.texts())).toEqual(['a.css', 'a.css.map', 'js/b.js']);
  });

  test('a package can be a storage', async () => {
    const storages = { staticfiles: { backend: 'flat-storage/storage', options: { folder: 'flat' } } };
    const project = newProject(TREE, { ...SETTINGS, storages });
    expect((await collect(project)).stdout).toContain('3 static files: 3 copied · ');
    expect(Object.keys(project.texts('flat'))).toEqual(['a.css', 'a.css.map', 'js__b.js']);
    project.write({ 'static/a.css': 'new {}\n' });
    expect((await collect(project)).stdout).toContain('3 static files: 1 copied, 2 unmodified · ');
  });

  test.each([
    ['a processor', { postProcess: ['./broken.mjs'] }],
    ['a finder', { staticfilesFinders: ['./broken.mjs'] }],
    ['a storage', { storages: { staticfiles: { backend: './broken.mjs' } } }],
  ])('%s that throws fails the run by its name, with nothing published', async (_, extra) => {
    const broken = `
      const fail = () => { throw new Error('out of order'); };
      export default () => ({
        name: 'brittle', process: fail, roots: () => [], list: fail, find: fail, explain: fail,
        inventory: fail, write: fail, remove: fail, readText: fail,
      });`;
    const project = newProject({ ...TREE, 'broken.mjs': broken }, { ...SETTINGS, ...extra });
    const result = await collect(project);
    expect(result).toMatchObject({ exit: 1, stdout: '' });
    expect(result.stderr).toContain('brittle');
    expect(result.stderr).toContain('out of order');
    expect(project.texts()).toEqual({});
  });
});
