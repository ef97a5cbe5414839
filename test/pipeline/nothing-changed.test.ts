import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it, vi } from 'vitest';
import { pruneCache } from '../../src/cache/prune-cache.js';
import { usesFolder } from '../../src/cache/uses.js';
import { type CollectOptions, collectBriefly, collectstatic } from '../../src/collectstatic.js';
import type { Warning } from '../../src/model/static-file.js';
import type { Plan } from '../../src/pipeline/plan.js';
import { resolveSettings } from '../../src/settings/resolve.js';
import type { UserSettings } from '../../src/settings/settings.js';
import { lockFolder } from '../../src/storages/filesystem/lock.js';
import { newProject, type Project, SETTINGS } from '../support/project.js';

const FINGERPRINTS: UserSettings = {
  ...SETTINGS,
  cacheDir: 'cache',
  postProcess: ['fingerprint', 'compress'],
};

const TREE = {
  'static/app.css': "a { background: url('img/a.svg') }\n".repeat(9),
  'static/img/a.svg': '<svg xmlns="http://www.w3.org/2000/svg"><g/><g/><g/><g/><g/><g/></svg>\n',
  'static/tiny.txt': 'tiny',
};

/** Longer than a tick of the clock, after which sources count as settled. */
const settle = () => pause(40);

/** Runs as a process of its own would, and says whether a plan was made. */
async function run(project: Project, settings: UserSettings = FINGERPRINTS, options: CollectOptions = {}) {
  const plans: Plan[] = [];
  const result = await collectBriefly(await resolveSettings(settings, { baseDir: project.dir }), {
    ...options,
    onPlan: (plan) => void plans.push(plan),
  });
  return { result, isAnswered: plans.length === 0 };
}

/** A project whose next run is answered from the record. */
async function collected(settings = FINGERPRINTS, tree: Parameters<typeof newProject>[0] = TREE) {
  const project = newProject(tree, settings);
  await settle();
  await run(project, settings);
  return project;
}

/** What the whole way gives at another destination and with another cache. */
async function wholeRun(project: Project, settings: UserSettings = FINGERPRINTS) {
  const fresh = { ...settings, staticRoot: 'fresh', cacheDir: 'fresh-cache' };
  const result = await collectstatic(await resolveSettings(fresh, { baseDir: project.dir }));
  return { result, tree: project.tree('fresh') };
}

describe('a run for which nothing has changed', () => {
  it('is answered from the record, right after the first run', async () => {
    const project = await collected();
    const before = project.tree();
    const { result, isAnswered } = await run(project);
    const whole = await collectstatic(await resolveSettings(FINGERPRINTS, { baseDir: project.dir }));
    expect(isAnswered).toBe(true);
    expect(result.counts).toEqual(whole.counts);
    expect(result).toMatchObject({
      folder: project.path('root'),
      dryRun: false,
      warnings: [],
      conflicts: [],
    });
    expect(project.tree()).toEqual(before);
    expect((await run(project)).isAnswered).toBe(true);
  });

  it('says how much is published, as a whole run does', async () => {
    const project = await collected();
    const whole = await run(project, FINGERPRINTS, { checksum: true });
    const { result, isAnswered } = await run(project);
    expect([whole.isAnswered, isAnswered]).toEqual([false, true]);
    expect(result.published).toEqual(whole.result.published);
    expect(result.published.variants).toHaveProperty('br');
  });

  it.each([
    ['plain', { ...SETTINGS, cacheDir: 'cache' }],
    ['with an import map in a file', { ...FINGERPRINTS, importmap: { entries: {}, file: 'map.json' } }],
    [
      'with a storage for the manifest',
      { ...FINGERPRINTS, manifest: { storage: { options: { location: 'build' } } } },
    ],
    ['with two folders and a prefix', { ...FINGERPRINTS, staticfilesDirs: ['static', ['v', 'vendor']] }],
    ['without plain names', { ...FINGERPRINTS, postProcess: [['fingerprint', { originals: false }]] }],
  ] satisfies [string, UserSettings][])('is answered: %s', async (_, settings) => {
    const project = await collected(settings, { ...TREE, 'vendor/app.css': 'b {}', 'other/x': '' });
    const { result, isAnswered } = await run(project, settings);
    const whole = await wholeRun(project, settings);
    expect(isAnswered).toBe(true);
    expect(project.tree()).toEqual(whole.tree);
    expect(result.counts).toMatchObject({
      files: whole.result.counts.files,
      unmodified: whole.result.counts.copied,
    });
  });

  it('repeats the warnings, in the same order and at the same moment', async () => {
    const settings: UserSettings = {
      ...FINGERPRINTS,
      ignore: ['*.none'],
      importmap: { entries: {} },
      postProcess: [['fingerprint', { missing: 'warn', exclude: ['nothing/*'] }], 'compress'],
    };
    const project = await collected(settings, {
      ...TREE,
      'static/main.js': "import 'bare';\n",
      'static/broken.css': "a { background: url('gone.png') }\n",
      'static/app.css.gz': 'no variant of it',
    });
    const atOnce: Warning[][] = [[], []];
    const whole = await run(project, settings, {
      checksum: true,
      onWarning: (each) => atOnce[0]!.push(each),
    });
    await run(project, settings);
    const { result } = await run(project, settings, { onWarning: (each) => atOnce[1]!.push(each) });
    expect(result.warnings).toEqual(whole.result.warnings);
    expect(result.warnings.map(({ code }) => code)).toEqual(
      expect.arrayContaining(['unmatched-pattern', 'missing-reference', 'bare-specifier', 'stale-variant']),
    );
    expect(atOnce[1]).toEqual(atOnce[0]);
    expect(atOnce[0]!.map(({ code }) => code)).toEqual(['bare-specifier']);
  });

  it('repeats missing references while nothing hides their targets', async () => {
    const settings: UserSettings = {
      ...FINGERPRINTS,
      ignore: ['*.png'],
      postProcess: [['fingerprint', { missing: 'warn' }]],
    };
    const project = await collected(settings, {
      'static/broken.css': "a { background: url('gone.png') }\n",
      'static/other.png': '',
    });
    const before = await run(project, settings);
    expect(before.isAnswered).toBe(true);
    project.write({ 'static/gone.png': 'hidden' });
    const { result, isAnswered } = await run(project, settings);
    expect(isAnswered).toBe(false);
    expect(result.warnings[0]!.message).toContain("the ignore pattern '*.png' hides it");
    expect(before.result.warnings[0]!.message).not.toContain('hides it');
  });

  it('repeats which files keep their names for computed URLs', async () => {
    const project = await collected(FINGERPRINTS, {
      'static/main.js': "export const load = (name) => import('./parts/' + name + '.js');\n",
      'static/parts/a.js': 'export {};\n',
    });
    const { result, isAnswered } = await run(project);
    expect(isAnswered).toBe(true);
    expect(result.computedNames).toEqual([{ file: 'main.js', pattern: 'parts/*.js', files: ['parts/a.js'] }]);
  });

  it('takes the lock, and gives it back', async () => {
    const project = await collected();
    const lock = await lockFolder(project.path('root'), new AbortController().signal, { watching: true });
    await expect(run(project)).rejects.toMatchObject({ code: 'locked' });
    await lock.release();
    expect((await run(project)).isAnswered).toBe(true);
    expect(
      fs.readdirSync(project.path('root')).filter((name) => name.startsWith('.staticfiles-lock')),
    ).toEqual([]);
  });

  it('ends if it is interrupted', async () => {
    const project = await collected();
    const stopped = AbortSignal.abort();
    await expect(run(project, FINGERPRINTS, { signal: stopped })).rejects.toMatchObject({
      code: 'interrupted',
    });
  });

  it('asks before it overwrites', async () => {
    const project = await collected();
    const confirm = vi.fn(async () => false);
    await expect(run(project, FINGERPRINTS, { confirm })).rejects.toMatchObject({ code: 'cancelled' });
    expect(confirm).toHaveBeenCalledOnce();
  });

  it('keeps what it uses in the cache from being pruned', async () => {
    const project = await collected();
    const [list] = fs.readdirSync(usesFolder(project.path('cache')));
    const [record] = fs.readdirSync(project.path('cache/records'));
    const files = [
      path.join(usesFolder(project.path('cache')), list!),
      project.path('cache/records', record!),
    ];
    const longAgo = Date.now() / 1000 - 60 * 24 * 60 * 60;
    for (const file of files) fs.utimesSync(file, longAgo, longAgo);
    expect((await run(project)).isAnswered).toBe(true);
    for (const file of files) expect(fs.statSync(file).mtimeMs / 1000).toBeGreaterThan(longAgo + 60);
    const later = Date.now() + 20 * 24 * 60 * 60 * 1000;
    const pruned = pruneCache(project.path('cache'), { maxAgeDays: 30, maxSize: 1e9, now: later });
    expect([pruned.deleted.entries, pruned.deleted.records]).toEqual([0, 0]);
  });

  it('goes the whole way if the list of what it uses in the cache is gone', async () => {
    const project = await collected();
    fs.rmSync(usesFolder(project.path('cache')), { recursive: true });
    expect((await run(project)).isAnswered).toBe(false);
    expect((await run(project)).isAnswered).toBe(true);
  });

  it('writes nothing', async () => {
    const project = await collected();
    const cache = readTimes(project.path('cache'));
    const root = readTimes(project.path('root'));
    await settle();
    await run(project);
    expect([readTimes(project.path('cache')), readTimes(project.path('root'))]).toEqual([cache, root]);
  });

  it('calls no hook, and the next run calls it with what has changed', async () => {
    const afterPublish = vi.fn();
    const settings: UserSettings = { ...FINGERPRINTS, storages: { staticfiles: { afterPublish } } };
    const project = await collected(settings);
    afterPublish.mockClear();
    expect((await run(project, settings)).isAnswered).toBe(true);
    expect(afterPublish).not.toHaveBeenCalled();
    project.write({ 'static/tiny.txt': 'more' });
    await run(project, settings);
    const [changed] = afterPublish.mock.calls[0]!;
    expect(changed.map(({ publicPath }: { publicPath: string }) => publicPath)).toContain('tiny.txt');
  });

  it('leaves unused files to a later --prune', async () => {
    const project = await collected();
    project.write({ 'static/tiny.txt': 'more' });
    await settle();
    await run(project);
    expect((await run(project)).isAnswered).toBe(true);
    const options = { prune: { keep: 1, olderThan: 0 } };
    const { result, isAnswered } = await run(project, FINGERPRINTS, options);
    expect(isAnswered).toBe(false);
    expect(result.pruned!.plan.files.length).toBeGreaterThan(0);
    expect((await run(project)).isAnswered).toBe(true);
  });
});

function readTimes(folder: string) {
  return fs
    .readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .sort()
    .map((name) => [name, fs.lstatSync(path.join(folder, name)).mtimeMs])
    .filter(([name]) => !fs.statSync(path.join(folder, String(name))).isDirectory());
}

describe('a run goes the whole way', () => {
  it.each<[string, CollectOptions]>([
    ['--dry-run', { dryRun: true }],
    ['--clear', { clear: true }],
    ['--clear=all', { clear: 'all' }],
    ['--link', { link: true }],
    ['--checksum', { checksum: true }],
    ['--prune', { prune: { keep: 3 } }],
    ['--references', { possibleReferences: true }],
    ['--no-post-process', { postProcess: false }],
    ['--ignore', { ignore: ['*.txt'] }],
    ['--no-default-ignore', { defaultIgnore: false }],
    ['a plan file', { readAll: true }],
    ['its application', { holdFirst: true }],
  ])('with %s', async (_, options) => {
    const project = await collected();
    expect((await run(project, FINGERPRINTS, options)).isAnswered).toBe(false);
  });

  it('if it is collectstatic() of a program, whose result has a plan', async () => {
    const project = await collected();
    const { plan } = await collectstatic(await resolveSettings(FINGERPRINTS, { baseDir: project.dir }));
    expect(plan.map(({ publicPath }) => publicPath)).toContain('app.css');
    expect((await run(project)).isAnswered).toBe(true);
  });

  it('with a release, and publishes its note again only if something has changed', async () => {
    const settings = { ...FINGERPRINTS, release: { id: 'v1' } };
    const project = await collected(settings);
    expect((await run(project, settings)).isAnswered).toBe(false);
  });

  it.each<[string, UserSettings]>([
    ['the processors', { ...FINGERPRINTS, postProcess: ['fingerprint'] }],
    [
      'an option of a processor',
      { ...FINGERPRINTS, postProcess: [['fingerprint', { exclude: ['tiny.txt'] }]] },
    ],
    ['the static URL', { ...FINGERPRINTS, staticUrl: 'https://cdn.example.com/' }],
    ['the manifest', { ...FINGERPRINTS, manifest: { name: 'other.json' } }],
    ['an ignore pattern', { ...FINGERPRINTS, ignore: ['tiny.txt'] }],
    ['a mode', { ...FINGERPRINTS, storages: { staticfiles: { options: { filePermissions: '640' } } } }],
    ['a folder', { ...FINGERPRINTS, staticfilesDirs: [['v', 'static']] }],
    ['the import map', { ...FINGERPRINTS, importmap: { entries: { app: 'app.css' } } }],
  ])('if the settings change %s, and back', async (_, settings) => {
    const project = await collected();
    const there = await run(project, settings);
    const whole = await wholeRun(project, settings);
    expect(there.isAnswered).toBe(false);
    for (const [name, entry] of Object.entries(whole.tree)) expect(project.tree()[name]).toEqual(entry);
    expect((await run(project)).isAnswered).toBe(false);
    for (const [name, entry] of Object.entries((await wholeRun(project)).tree))
      expect(project.tree()[name]).toEqual(entry);
  });

  it('if Node.js or this package has another version', async () => {
    const project = await collected();
    const { version } = process;
    Object.defineProperty(process, 'version', { value: 'v99.0.0', configurable: true });
    try {
      expect((await run(project)).isAnswered).toBe(false);
      expect((await run(project)).isAnswered).toBe(true);
    } finally {
      Object.defineProperty(process, 'version', { value: version, configurable: true });
    }
    const reading = vi.spyOn(fs, 'readFileSync');
    const read = reading.getMockImplementation() ?? fs.readFileSync.bind(fs);
    reading.mockRestore();
    vi.spyOn(fs, 'readFileSync').mockImplementation(((...args: Parameters<typeof read>) =>
      String(args[0]).endsWith('package.json') ? '{"version":"99.0.0"}' : read(...args)) as typeof read);
    try {
      expect((await run(project)).isAnswered).toBe(false);
    } finally {
      vi.restoreAllMocks();
    }
  });

  it('if a source was so young that it may have changed without a new time', async () => {
    const project = newProject(TREE);
    await run(project);
    expect((await run(project)).isAnswered).toBe(false);
    await settle();
    await run(project);
    expect((await run(project)).isAnswered).toBe(true);
  });

  it('if a storage, finder, processor or scanner is a function or a module', async () => {
    const project = newProject({
      ...TREE,
      'banner.js': BANNER,
      'scan.js': 'export default () => ({ references: [], skipped: [], warnings: [] });\n',
    });
    await settle();
    const processor = { name: 'same', process: (outputs: never) => outputs };
    const scanner = { files: ['*.txt'], scan: './scan.js' };
    const settings: UserSettings[] = [
      { ...FINGERPRINTS, postProcess: [processor] },
      { ...FINGERPRINTS, postProcess: ['./banner.js'] },
      { ...FINGERPRINTS, postProcess: [['fingerprint', { references: { scanners: [scanner] } }]] },
    ];
    for (const each of settings) {
      await run(project, each);
      expect((await run(project, each)).isAnswered).toBe(false);
    }
  });
});

const BANNER = "export default () => ({ name: 'banner', process: (outputs) => outputs });\n";

/** Changes after which a run must do what a first run does. */
const CHANGES: readonly (readonly [string, (project: Project) => void])[] = [
  ['a source', ({ write }) => write({ 'static/tiny.txt': 'longer' })],
  ['a source in its size and with its time', ({ write }) => write({ 'static/tiny.txt': 'yint' })],
  ['a source that is replaced by a file with its size and time', replaceSource],
  ['a new source', ({ write }) => write({ 'static/new.txt': 'new' })],
  ['a source that is gone', ({ path }) => fs.rmSync(path('static/tiny.txt'))],
  [
    'a source with another name',
    ({ path }) => fs.renameSync(path('static/tiny.txt'), path('static/toni.txt')),
  ],
  ['two sources that have changed places', swapSources],
  ['a source that a link replaces', linkSource],
  ['a published file', ({ write }) => write({ 'root/tiny.txt': 'longer' })],
  ['a published file that is gone', ({ path }) => fs.rmSync(path('root/tiny.txt'))],
  ['the mode of a published file', ({ path }) => fs.chmodSync(path('root/tiny.txt'), 0o600)],
  ['a link instead of a published file', linkPublished],
  [
    'a folder instead of a published file',
    ({ path, write }) => {
      fs.rmSync(path('root/tiny.txt'));
      write({ 'root/tiny.txt/a': '' });
    },
  ],
  ['a variant', ({ path }) => fs.rmSync(path('root', variantIn(path('root'))))],
  ['the manifest', ({ write }) => write({ 'root/staticfiles.json': '{}' })],
  ['the manifest in its size and with its time', editInPlace('staticfiles.json')],
  ['a manifest that is gone', ({ path }) => fs.rmSync(path('root/staticfiles.json'))],
  ['the details in their size and with their time', editInPlace('staticfiles.details.json')],
  ['details that are gone', ({ path }) => fs.rmSync(path('root/staticfiles.details.json'))],
  ['a variant beside the manifest', ({ write }) => write({ 'root/staticfiles.json.gz': 'stale' })],
  ['the destination that is gone', ({ path }) => fs.rmSync(path('root'), { recursive: true })],
  ['the note of another run', ({ write }) => write({ 'root/.staticfiles-run.json': '{"run":"other"}' })],
  ['a note that is gone', ({ path }) => fs.rmSync(path('root/.staticfiles-run.json'))],
  ['a record that is gone', ({ path }) => fs.rmSync(path('cache'), { recursive: true })],
  ['a damaged record', ({ path }) => damage(path('cache/records'))],
];

function replaceSource({ path, write }: Project): void {
  write({ 'static/other': 'yint' });
  fs.renameSync(path('static/other'), path('static/tiny.txt'));
}

function swapSources({ path }: Project): void {
  fs.renameSync(path('static/app.css'), path('static/x'));
  fs.renameSync(path('static/tiny.txt'), path('static/app.css'));
  fs.renameSync(path('static/x'), path('static/tiny.txt'));
}

function linkSource({ path, write }: Project): void {
  write({ 'elsewhere/tiny.txt': 'yint' });
  fs.rmSync(path('static/tiny.txt'));
  fs.symlinkSync(path('elsewhere/tiny.txt'), path('static/tiny.txt'));
}

function linkPublished({ path }: Project): void {
  fs.rmSync(path('root/tiny.txt'));
  fs.symlinkSync(path('static/tiny.txt'), path('root/tiny.txt'));
}

function variantIn(folder: string): string {
  return fs.readdirSync(folder).find((name) => name.endsWith('.br'))!;
}

function editInPlace(name: string) {
  return ({ path }: Project): void => {
    const file = path('root', name);
    const { atime, mtime } = fs.statSync(file);
    fs.writeFileSync(file, fs.readFileSync(file, 'utf8').replace('app.css', 'abb.css'));
    fs.utimesSync(file, atime, mtime);
  };
}

function damage(folder: string): void {
  for (const name of fs.readdirSync(folder)) {
    const file = path.join(folder, name);
    const bytes = fs.readFileSync(file);
    const at = bytes.indexOf('app.css');
    fs.writeFileSync(file, bytes.fill(1, at, at + 1));
  }
}

describe('a run finds', () => {
  it.each(CHANGES)('%s', async (_, change) => {
    const project = await collected();
    expect((await run(project)).isAnswered).toBe(true);
    change(project);
    const { isAnswered } = await run(project);
    const whole = await wholeRun(project);
    expect(isAnswered).toBe(false);
    const published = project.tree();
    for (const [name, entry] of Object.entries(whole.tree)) expect(published[name]).toEqual(entry);
    expect(published).not.toHaveProperty(['staticfiles.json.gz']);
    await settle();
    await run(project);
    expect((await run(project)).isAnswered).toBe(true);
  });

  it('that the record is of another destination', async () => {
    const project = await collected();
    const elsewhere = { ...FINGERPRINTS, staticRoot: 'elsewhere' };
    project.write({ 'static/tiny.txt': 'yint' });
    await settle();
    await run(project, elsewhere);
    const records = fs
      .readdirSync(project.path('cache/records'))
      .map((name) => project.path('cache/records', name));
    expect(records).toHaveLength(2);
    const [first, second] = records.map((file) => fs.readFileSync(file));
    fs.writeFileSync(records[0]!, second!);
    fs.writeFileSync(records[1]!, first!);
    expect((await run(project)).isAnswered).toBe(false);
    expect(project.texts('root')['tiny.txt']).toBe('yint');
  });

  it('what a run of another checkout has published, though sizes and times are the same', async () => {
    const project = await collected();
    const other = { ...FINGERPRINTS, staticfilesDirs: ['other'], cacheDir: 'other-cache' };
    project.write({ 'other/tiny.txt': 'yint' });
    await run(project, other);
    expect(project.texts()['tiny.txt']).toBe('yint');
    expect((await run(project)).isAnswered).toBe(false);
    expect(project.texts()['tiny.txt']).toBe('tiny');
  });
});
