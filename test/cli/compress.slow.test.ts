import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import zlib from 'node:zlib';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { collect, run } from '../support/command.js';
import { newProject, type Project, SETTINGS } from '../support/project.js';

const TEXT = 'a { color: red }\n'.repeat(200);
const TREE = {
  'static/a.css': TEXT,
  'static/same.css': TEXT,
  'static/tiny.css': 'a{}',
  'static/p.png': TEXT,
  'static/robots.txt': 'Disallow: /x\n'.repeat(50),
};

function projectOf(options: object = {}, more: object = {}, tree: Readonly<Record<string, string>> = TREE) {
  const postProcess = [
    ['fingerprint', { exclude: ['robots.txt'] }],
    ['compress', options],
  ];
  return newProject(tree, { ...SETTINGS, cacheDir: 'cache', postProcess, ...more });
}

function published(project: Project): string[] {
  return Object.keys(project.tree()).map((name) => name.replace(/\.[0-9a-f]{12}\./, '.#.'));
}

/** Files that hold compressed contents. */
function packs(project: Project): string[] {
  return fs.readdirSync(project.path('cache/compressed/packs')).sort();
}

/** Returns how many compressed contents the cache holds. */
async function entries(project: Project): Promise<number> {
  const { stdout } = await run(project, 'staticfiles', ['cache', '--json']);
  return JSON.parse(stdout).entries;
}

/** Changes the contents, but not the index. */
function damaged(pack: Buffer): Buffer {
  return pack.fill(0, pack.length - 20);
}

function bytesOf(project: Project, ending: string): Buffer {
  const name = Object.keys(project.tree()).find((each) => each.endsWith(ending));
  return fs.readFileSync(project.path('root', name!));
}

describe('the processor compress', () => {
  it('adds variants of files that get smaller, under the published names', async () => {
    const project = projectOf();
    expect(await collect(project)).toMatchObject({ exit: 0, stderr: '' });
    expect(
      published(project)
        .filter((name) => /\.(gz|br)$/.test(name))
        .sort(),
    ).toEqual([
      'a.#.css.br',
      'a.#.css.gz',
      'robots.txt.br',
      'robots.txt.gz',
      'same.#.css.br',
      'same.#.css.gz',
    ]);
    const [, a] = /(a\.[0-9a-f]{12}\.css)\.gz/.exec(Object.keys(project.tree()).join('\n'))!;
    const gz = fs.readFileSync(project.path('root', `${a}.gz`));
    expect(String(zlib.gunzipSync(gz))).toBe(TEXT);
    expect([gz.readUInt32LE(4), gz[9]]).toEqual([0, 255]); // no time, no operating system
    expect(String(zlib.brotliDecompressSync(fs.readFileSync(project.path('root', `${a}.br`))))).toBe(TEXT);
  });

  it('lists the variants in the details', async () => {
    const project = projectOf();
    await collect(project);
    const { paths } = JSON.parse(project.texts()['staticfiles.json']!);
    const details = JSON.parse(project.texts()['staticfiles.details.json']!);
    const variant = (extension: string) => {
      const name = `${paths['a.css']}.${extension}`;
      const bytes = fs.readFileSync(project.path('root', name));
      const digest = createHash('sha384').update(bytes).digest('base64');
      return { path: name, size: bytes.length, integrity: `sha384-${digest}` };
    };
    expect(details.files[paths['a.css']].encodings).toEqual({ br: variant('br'), gzip: variant('gz') });
    expect(details.files[paths['tiny.css']].encodings).toBeUndefined();
    expect(Object.keys(details.files).filter((name) => /\.(gz|br)$/.test(name))).toEqual([]);
    const schema = new URL('../../schemas/staticfiles.details.schema.json', import.meta.url);
    const validate = new Ajv().compile(JSON.parse(fs.readFileSync(schema, 'utf8')));
    validate(details);
    expect(validate.errors).toBeNull();
  });

  it('makes only the encodings of its options, of plain names too', async () => {
    const project = projectOf({ encodings: ['br'], originals: true });
    await collect(project);
    const names = published(project);
    expect(names).toEqual(expect.arrayContaining(['a.css.br', 'a.#.css.br']));
    expect(names.filter((name) => name.endsWith('.gz'))).toEqual([]);
  });

  it('works without fingerprint', async () => {
    const project = projectOf({}, { postProcess: ['compress'] });
    expect(await collect(project)).toMatchObject({ exit: 0, stderr: '' });
    expect(published(project)).toEqual(expect.arrayContaining(['a.css', 'a.css.br', 'a.css.gz']));
    expect(published(project)).not.toContain('staticfiles.json');
    expect((await collect(project)).stdout).toMatch(/: \d+ unmodified · /);
  });

  it('publishes a variant from the sources unchanged', async () => {
    const project = projectOf({}, { postProcess: ['compress'] });
    const mine = zlib.gzipSync(TEXT, { level: 1 });
    fs.writeFileSync(project.path('static/a.css.gz'), mine);
    expect(await collect(project)).toMatchObject({ exit: 0, stderr: '' });
    expect(bytesOf(project, 'a.css.gz')).toEqual(mine);
    expect(published(project)).toContain('a.css.br');
  });

  it('warns of a variant in the sources that does not match its file, and publishes a new one', async () => {
    const project = projectOf({}, { postProcess: [] }, { ...TREE, 'static/a.css.gz': 'mine' });
    expect((await collect(project)).stderr).toBe(
      "Warning: '{TMP}/static/a.css.gz' does not decode to 'a.css'. " +
        'A new one is published in its place. Build it again, or delete it.\n',
    );
    expect(String(zlib.gunzipSync(bytesOf(project, 'a.css.gz')))).toBe(TEXT);
  });

  it('makes no variant with a name that is too long', async () => {
    const name = `${'n'.repeat(250)}.css`;
    const project = projectOf(
      { encodings: ['gzip'] },
      { postProcess: ['compress'] },
      { [`static/${name}`]: TEXT },
    );
    expect(await collect(project)).toMatchObject({ exit: 0 });
    expect(published(project)).toEqual([name]);
  });

  it.each([
    [
      { encodings: ['gz'] },
      "staticfiles.config.json: postProcess[1][1].encodings[0]: expected one of gzip, br, zstd, got 'gz'.",
    ],
    [{ originals: 1 }, 'postProcess[1][1].originals: expected true or false, got 1.'],
    [
      { level: 1 },
      "postProcess[1][1].level: unknown option of the processor 'compress'. Allowed: encodings, originals.",
    ],
  ])('refuses %j', async (options, message) => {
    expect(await collect(projectOf(options))).toMatchObject({
      exit: 1,
      stderr: expect.stringContaining(message),
    });
  });

  it('makes zstd if the runtime supports it, and otherwise fails with the reason', async () => {
    const project = projectOf({ encodings: ['zstd'] });
    const { exit, stderr } = await collect(project);
    if ('zstdCompress' in zlib) expect([exit, published(project).includes('a.#.css.zst')]).toEqual([0, true]);
    else expect([exit, stderr]).toEqual([1, expect.stringContaining("has no 'zstd'")]);
  });
});

describe('its cache', () => {
  it('holds each content once, also if compressing it gains nothing, and a second run writes nothing', async () => {
    const project = projectOf();
    await collect(project);
    expect(await entries(project)).toBe(6); // a.css (and same.css), tiny.css, robots.txt, twice each
    const before = packs(project);
    expect(before).toHaveLength(1);
    expect((await collect(project)).stdout).toMatch(/: \d+ unmodified · /);
    expect(packs(project)).toEqual(before);
  });

  it('keeps 2,000 small files in few files', async () => {
    const tree = Object.fromEntries(
      Array.from({ length: 2000 }, (_, index) => [`static/${index}.css`, `${index}${TEXT}`]),
    );
    const project = projectOf({}, { postProcess: ['compress'] }, tree);
    await collect(project);
    const names = fs.readdirSync(project.path('cache'), { recursive: true, encoding: 'utf8' });
    const files = names
      .map((name) => fs.statSync(project.path('cache', name)))
      .filter((stats) => stats.isFile());
    expect(files.length).toBeLessThan(10);
    expect(await entries(project)).toBe(4000);
  });

  it('is used by a fresh checkout, where all times are new', async () => {
    const project = projectOf();
    await collect(project);
    const restored = projectOf();
    fs.cpSync(project.path('cache/compressed'), restored.path('cache/compressed'), { recursive: true });
    await collect(restored);
    expect(published(restored)).toEqual(published(project));
    expect(packs(restored)).toEqual(packs(project));
  });

  it('is ignored if it is damaged', async () => {
    const project = projectOf({ encodings: ['gzip'] });
    await collect(project);
    const whole = bytesOf(project, '.css.gz');
    for (const name of packs(project)) {
      const pack = project.path('cache/compressed/packs', name);
      fs.writeFileSync(pack, damaged(fs.readFileSync(pack)));
    }
    // The first run makes again what it could not read, the second one keeps it, and the third one finds it.
    for (const kept of [1, 2, 2]) {
      fs.rmSync(project.path('root'), { recursive: true });
      expect(await collect(project)).toMatchObject({ exit: 0, stderr: '' });
      expect(bytesOf(project, '.css.gz')).toEqual(whole);
      expect(packs(project)).toHaveLength(kept);
    }
  });

  it('is shared by two runs at once', async () => {
    const [one, two] = [projectOf(), projectOf()];
    two.settings({
      ...JSON.parse(fs.readFileSync(one.path('staticfiles.config.json'), 'utf8')),
      cacheDir: one.path('cache'),
    });
    const results = await Promise.all([collect(one), collect(two)]);
    expect(results.map(({ exit, stderr }) => [exit, stderr])).toEqual([
      [0, ''],
      [0, ''],
    ]);
    expect(two.tree()).toEqual(one.tree());
  });

  it('survives a kill', async () => {
    const tree = Object.fromEntries(
      Array.from({ length: 100 }, (_, index) => [`static/${index}.css`, `${index}${TEXT.repeat(10)}`]),
    );
    const project = projectOf({}, { postProcess: ['compress'] }, tree);
    const bin = path.resolve('bin/collectstatic.js');
    for (const wait of [220, 300]) {
      const child = spawn('node', [bin, '--noinput'], { cwd: project.dir, stdio: 'ignore' });
      await setTimeout(wait);
      child.kill('SIGKILL');
    }
    expect(await collect(project)).toMatchObject({ exit: 0, stderr: '' });
    for (let index = 0; index < 100; index++) {
      const gz = fs.readFileSync(project.path('root', `${index}.css.gz`));
      expect(String(zlib.gunzipSync(gz))).toBe(tree[`static/${index}.css`]);
    }
  });
});

describe('a stale variant', () => {
  const plain = (encodings: readonly string[] | undefined) => ({
    postProcess: encodings ? [['compress', { encodings }]] : [],
  });

  it('is deleted, and a dry run says so', async () => {
    const project = projectOf({}, plain(['gzip', 'br']));
    await collect(project);
    project.write({ 'static/a.css': 'now tiny' });
    const { stdout } = await collect(project, ['--dry-run', '-v', '3']);
    expect(stdout).toContain("Would delete 'a.css.gz' (stale variant)");
    await collect(project);
    expect(published(project)).not.toContain('a.css.gz');
    expect(published(project)).toContain('same.css.gz');
  });

  it('is deleted if its encoding, or the processor, is removed', async () => {
    const project = projectOf({}, plain(['gzip', 'br']));
    await collect(project);
    const settings = JSON.parse(fs.readFileSync(project.path('staticfiles.config.json'), 'utf8'));
    project.settings({ ...settings, ...plain(['br']) });
    await collect(project);
    expect(published(project).filter((name) => name.endsWith('.gz'))).toEqual([]);
    expect(published(project)).toContain('a.css.br');
    project.settings({ ...settings, ...plain(undefined) });
    await collect(project);
    expect(published(project).filter((name) => /\.(gz|br)$/.test(name))).toEqual([]);
  });

  it('is deleted even if it was edited, as soon as its file changes', async () => {
    const project = projectOf({}, plain(['gzip']));
    await collect(project);
    fs.writeFileSync(project.path('root/a.css.gz'), 'somebody else’s');
    project.settings({ ...SETTINGS, cacheDir: 'cache', ...plain(undefined) });
    project.write({ 'static/a.css': 'now tiny' });
    await collect(project);
    expect(published(project)).not.toContain('a.css.gz');
  });

  it.each([['a lost cache'], ['--checksum']])('is deleted with %s', async (how) => {
    const project = projectOf({}, plain(['gzip']));
    await collect(project);
    project.settings({ ...SETTINGS, cacheDir: 'cache', ...plain(undefined) });
    project.write({ 'static/a.css': `b${TEXT}` });
    if (how !== '--checksum') fs.rmSync(project.path('cache'), { recursive: true });
    const { stdout } = await collect(project, how === '--checksum' ? [how] : []);
    expect(stdout).toMatch(/1 copied.*1 deleted/);
    expect(published(project)).not.toContain('a.css.gz');
  });

  it('stays beside the old file of an earlier release', async () => {
    const project = projectOf();
    await collect(project);
    const old = Object.keys(project.tree()).filter((name) => /^a\.[0-9a-f]{12}/.test(name));
    project.write({ 'static/a.css': `b${TEXT}` });
    await collect(project);
    expect(Object.keys(project.tree())).toEqual(expect.arrayContaining(old));
  });
});
