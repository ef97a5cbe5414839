import fs from 'node:fs';
import path from 'node:path';
import zlib from 'node:zlib';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { collectstatic } from '../../../src/collectstatic.js';
import { readBody } from '../../../src/model/body.js';
import { ENCODINGS } from '../../../src/model/encode.js';
import type { Output } from '../../../src/model/output.js';
import { type CompressOptions, compress } from '../../../src/processors/compress/processor.js';
import type { Processor, ProcessorContext } from '../../../src/processors/processor.js';
import { builtSettings } from '../../support/built-settings.js';
import { newProject, type Project } from '../../support/project.js';
import { processorContext } from '../processor-context.js';

const TEXT = 'a { color: red }\n'.repeat(200);

afterEach(() => vi.restoreAllMocks());

function outputOf(publicPath: string, text: string | Uint8Array = TEXT, logicalPath = publicPath): Output {
  return { logicalPath, publicPath, body: { kind: 'bytes', bytes: Buffer.from(text) } };
}

/** Compresses outputs, with an empty cache unless the context has one. */
function run(
  outputs: readonly Output[],
  options: CompressOptions = {},
  changes: Partial<ProcessorContext> = {},
): Promise<readonly Output[]> {
  const cacheDir = changes.cacheDir ?? newProject({}).path('cache');
  return Promise.resolve(compress(options).process(outputs, processorContext({ cacheDir, ...changes })));
}

function namesOf(outputs: readonly Output[]): string[] {
  return outputs.map(({ publicPath }) => publicPath);
}

async function variantsOf(outputs: readonly Output[], options?: CompressOptions): Promise<string[]> {
  const names = namesOf(outputs);
  return namesOf(await run(outputs, options)).filter((name) => !names.includes(name));
}

describe('which files are compressed', () => {
  it.each([
    'a.css',
    'a.js',
    'a.mjs',
    'a.html',
    'a.svg',
    'a.json',
    'a.webmanifest',
    'a.txt',
    'a.wasm',
    'a.ttf',
    'LICENSE',
  ])('%s is', async (name) => {
    expect(await variantsOf([outputOf(name)])).toEqual([`${name}.br`, `${name}.gz`]);
  });

  it.each(['a.png', 'a.jpg', 'a.woff2', 'a.mp4', 'a.zip', 'a.gz'])('%s is not', async (name) => {
    expect(await variantsOf([outputOf(name)])).toEqual([]);
  });

  it('a file with a fingerprint is compressed under that name only', async () => {
    const outputs = [outputOf('a.css'), outputOf('a.f00d.css', TEXT, 'a.css'), outputOf('robots.txt')];
    expect(await variantsOf(outputs, { encodings: ['gzip'] })).toEqual(['a.f00d.css.gz', 'robots.txt.gz']);
  });

  it('with `originals`, a file with a fingerprint is also compressed under its plain name', async () => {
    const outputs = [outputOf('a.css'), outputOf('a.f00d.css', TEXT, 'a.css')];
    expect(await variantsOf(outputs, { encodings: ['gzip'], originals: true })).toEqual([
      'a.css.gz',
      'a.f00d.css.gz',
    ]);
  });

  it('a variant of another processor is not compressed, its file is', async () => {
    const map: Output = { ...outputOf('a.js.json', TEXT, 'a.js'), variantOf: 'a.js' };
    expect(await variantsOf([outputOf('a.js'), map])).toEqual(['a.js.br', 'a.js.gz']);
  });

  it('a variant is at most 95 % of its file, each encoding for itself', async () => {
    const sizes = Array.from({ length: 120 }, (_, size) => size);
    const pseudoText = (size: number) =>
      'body{margin:0;color:#123}p{top:9px;left:7em}'.repeat(3).slice(0, size);
    const outputs = sizes.map((size) => outputOf(`${size}.css`, pseudoText(size)));
    const expected = sizes.flatMap((size) => {
      const bytes = Buffer.from(pseudoText(size));
      const isWorthIt = (variant: Buffer) => variant.length <= size * 0.95;
      return [
        ...(isWorthIt(ENCODINGS.br.compressNow(bytes)) ? [`${size}.css.br`] : []),
        ...(isWorthIt(ENCODINGS.gzip.compressNow(bytes)) ? [`${size}.css.gz`] : []),
      ];
    });
    const variants = await variantsOf(outputs);
    expect(variants.sort()).toEqual(expected.sort());
    const [gzip, brotli] = ['.gz', '.br'].map((end) => variants.filter((name) => name.endsWith(end)).length);
    expect(gzip).toBeGreaterThan(0);
    expect(brotli).toBeGreaterThan(gzip!);
    expect(sizes.length).toBeGreaterThan(brotli!);
  });

  it('a file in the sources with the name of a variant stays, and the other variants are made', async () => {
    const own = outputOf('a.css.gz', 'made by a bundler');
    const outputs = await run([outputOf('a.css'), own]);
    expect(namesOf(outputs)).toEqual(['a.css', 'a.css.gz', 'a.css.br']);
    expect(String(readBody(outputs[1]!.body))).toBe('made by a bundler');
  });

  it('a variant whose name would be longer than 255 bytes is not made', async () => {
    const name = `${'é'.repeat(124)}.css`;
    expect(await variantsOf([outputOf(name)], { encodings: ['gzip'] })).toEqual([`${name}.gz`]);
    expect(await variantsOf([outputOf(`n${name}`)], { encodings: ['gzip'] })).toEqual([]);
  });
});

describe('a variant', () => {
  it('decodes to its file, and says which file it belongs to', async () => {
    const file = { ...outputOf('a.f00d.css', TEXT, 'a.css') };
    const [, brotli, gzip] = await run([file]);
    expect([brotli, gzip]).toMatchObject([
      { logicalPath: 'a.css', publicPath: 'a.f00d.css.br', variantOf: 'a.f00d.css' },
      { logicalPath: 'a.css', publicPath: 'a.f00d.css.gz', variantOf: 'a.f00d.css' },
    ]);
    expect(String(zlib.brotliDecompressSync(readBody(brotli!.body)))).toBe(TEXT);
    expect(String(zlib.gunzipSync(readBody(gzip!.body)))).toBe(TEXT);
    expect(gzip!.content!.size).toBe(readBody(gzip!.body).length);
  });

  it('follows all files, in the order of names', async () => {
    const outputs = await run([outputOf('b.css'), outputOf('a.css')]);
    expect(namesOf(outputs)).toEqual(['b.css', 'a.css', 'a.css.br', 'a.css.gz', 'b.css.br', 'b.css.gz']);
  });

  it.each<[CompressOptions, string[]]>([
    [{}, ['a.css.br', 'a.css.gz']],
    [{ encodings: ['br'] }, ['a.css.br']],
    [{ encodings: ['gzip'] }, ['a.css.gz']],
    [{ encodings: [] }, []],
  ])('with %j: %j', async (options, variants) => {
    expect(await variantsOf([outputOf('a.css')], options)).toEqual(variants);
  });

  it('is made once for files with the same content', async () => {
    const progress = vi.fn();
    await run([outputOf('a.css'), outputOf('b.css'), outputOf('c.css', `c${TEXT}`)], {}, { progress });
    expect(progress).toHaveBeenLastCalledWith(4, 4);
  });

  it('is taken from the cache of another run', async () => {
    const cacheDir = newProject({}).path('cache');
    const first = await run([outputOf('a.css')], {}, { cacheDir, destination: 'one' });
    const compressing = vi.spyOn(zlib, 'brotliCompress');
    const second = await run([outputOf('b.css')], {}, { cacheDir, destination: 'two' });
    expect(compressing).not.toHaveBeenCalled();
    expect(readBody(second[1]!.body)).toEqual(readBody(first[1]!.body));
  });
});

describe('in a session', () => {
  const newSession = () => {
    const cacheDir = newProject({}).path('cache');
    const session = {};
    return (outputs: readonly Output[], changes: Partial<ProcessorContext> = {}) =>
      run(outputs, { encodings: ['gzip'] }, { cacheDir, session, ...changes });
  };
  const content = { hash: 'h', size: TEXT.length, integrity: 'sha384-a' };
  const a: Output = { ...outputOf('a.css'), content };
  const b: Output = { ...outputOf('b.css'), content };

  it('an unchanged output has the same objects as variants in the next run', async () => {
    const next = newSession();
    const first = await next([a, b]);
    const progress = vi.fn();
    const second = await next([a, b], { progress });
    expect(second.every((output, index) => output === first[index])).toBe(true);
    expect(progress).not.toHaveBeenCalled();
  });

  it('a changed output gets new variants, and the others keep theirs', async () => {
    const next = newSession();
    const first = await next([a, b]);
    const second = await next([a, outputOf('b.css', `b${TEXT}`)]);
    expect(namesOf(second)).toEqual(namesOf(first));
    expect(second[2]).toBe(first[2]);
    expect(String(zlib.gunzipSync(readBody(second[3]!.body)))).toBe(`b${TEXT}`);
  });

  it('a new file in the sources replaces the variant with its name', async () => {
    const next = newSession();
    await next([a]);
    const own = outputOf('a.css.gz', 'made by a bundler');
    const outputs = await next([a, own]);
    expect(namesOf(outputs)).toEqual(['a.css', 'a.css.gz']);
    expect(String(readBody(outputs[1]!.body))).toBe('made by a bundler');
  });
});

/** Compresses, runs the steps, and publishes. */
function collectAfter(project: Project, ...steps: Processor[]) {
  return collectstatic(
    builtSettings(project, { 'a.css': 'src/a.css' }, { processors: [compress(), ...steps] }),
  );
}

function expectPublished(project: Project): void {
  const bytes = (name: string) => fs.readFileSync(project.path('root', name));
  expect(String(zlib.gunzipSync(bytes('a.css.gz')))).toBe(TEXT);
  expect(String(zlib.brotliDecompressSync(bytes('a.css.br')))).toBe(TEXT);
}

/** A step that another process takes before anything is published. */
function stepBeforePublishing(name: string, step: () => void): Processor {
  return {
    name,
    process(outputs) {
      step();
      return outputs;
    },
  };
}

function packOf(project: Project): string {
  const folder = project.path('cache/compressed/packs');
  return `${folder}/${fs.readdirSync(folder)[0]}`;
}

describe('a variant that is no longer in the cache', () => {
  it('is compressed again if the cache was pruned before publishing', async () => {
    const project = newProject({ 'src/a.css': TEXT });
    await collectAfter(
      project,
      stepBeforePublishing('prune', () => fs.rmSync(packOf(project))),
    );
    expectPublished(project);
  });

  it('is compressed again if the cache was damaged before publishing', async () => {
    const project = newProject({ 'src/a.css': TEXT });
    const damage = () => {
      const bytes = fs.readFileSync(packOf(project));
      fs.writeFileSync(packOf(project), bytes.fill(0, bytes.length - 20));
    };
    await collectAfter(project, stepBeforePublishing('damage', damage));
    expectPublished(project);
  });

  it('is found damaged by the next run, and replaced in the cache', async () => {
    const project = newProject({ 'src/a.css': TEXT });
    await collectAfter(project);
    const pack = packOf(project);
    const bytes = fs.readFileSync(pack);
    fs.writeFileSync(pack, bytes.fill(0, bytes.length - 20));
    const publishAgain = async () => {
      fs.rmSync(project.path('root'), { recursive: true });
      const compressed = vi.spyOn(zlib, 'brotliCompressSync');
      await collectAfter(project);
      expectPublished(project);
      const count = compressed.mock.calls.length;
      compressed.mockRestore();
      return count;
    };
    expect(await publishAgain()).toBe(1); // published from a proven cache, whose damage is noticed in time
    expect(await publishAgain()).toBe(0); // compressed again before publishing, since nothing is proven now
    expect(fs.readdirSync(path.dirname(pack))).toHaveLength(2);
    expect(await publishAgain()).toBe(0);
    expect(fs.readdirSync(path.dirname(pack))).toHaveLength(2);
  });

  it('fails the run if its source has changed', async () => {
    const project = newProject({ 'src/a.css': TEXT });
    const change = () => {
      fs.rmSync(packOf(project));
      project.write({ 'src/a.css': TEXT.replace('red', 'tan') });
    };
    await expect(collectAfter(project, stepBeforePublishing('change', change))).rejects.toMatchObject({
      code: 'source',
      message: expect.stringMatching(/a\.css' changed/),
    });
  });

  it('fails the run if compressing again gives other bytes than the manifest says', async () => {
    const project = newProject({ 'src/a.css': TEXT });
    const change = () => {
      fs.rmSync(packOf(project));
      vi.spyOn(zlib, 'gzipSync').mockReturnValue(Buffer.from('another version of zlib made these'));
    };
    await expect(collectAfter(project, stepBeforePublishing('change', change))).rejects.toMatchObject({
      code: 'source',
      message: expect.stringMatching(/^The variant of 'a\.css' is no longer in the cache.*Run again\.$/),
    });
  });
});
