import { describe, expect, it } from 'vitest';
import type { Output } from '../../src/model/output.js';
import type { RunOptions } from '../../src/pipeline/options.js';
import { postProcess } from '../../src/pipeline/post-process.js';
import { startRun } from '../../src/pipeline/run.js';
import { createSession } from '../../src/pipeline/session.js';
import type { Processor, ProcessorContext } from '../../src/processors/processor.js';
import type { Settings } from '../../src/settings/settings.js';
import { builtSettings } from '../support/built-settings.js';
import { made, staticFile } from '../support/outputs.js';
import { newProject } from '../support/project.js';

const project = newProject({ 'a.css': 'a {}' });
const FILES = [staticFile('a.css', project.path('a.css'))];

function run(changes: Partial<Settings> = {}, options: RunOptions = {}) {
  return startRun(builtSettings(project, {}, changes), options);
}

async function process(changes: Partial<Settings>, options: RunOptions = {}): Promise<readonly Output[]> {
  return postProcess(run(changes, options), FILES);
}

async function names(...args: Parameters<typeof process>): Promise<string[]> {
  return (await process(...args)).map(({ publicPath }) => publicPath);
}

const adding = (...outputs: Output[]): Processor => ({
  name: 'adding',
  process: (before) => [...before, ...outputs],
});

const MANIFEST = ['staticfiles.details.json', 'staticfiles.json'];

describe('the processors', () => {
  it('work one after another, each on the outputs of the one before', async () => {
    const counting: Processor = {
      name: 'counting',
      process: (before) => [...before, made(`${before.length}.txt`)],
    };
    expect(await names({ processors: [counting, counting] })).toEqual(['a.css', '1.txt', '2.txt']);
  });

  it('do not run with postProcess: false, nor is there a manifest for them', async () => {
    const processors = [{ ...adding(made('b.css')), needsManifest: true }];
    expect(await names({ processors })).toEqual(['a.css', 'b.css', ...MANIFEST]);
    expect(await names({ processors }, { postProcess: false })).toEqual(['a.css']);
  });

  it('get the originals of the session, if there is one', async () => {
    const single = run();
    const session = createSession(single.record);
    const withSession = startRun(single.settings, {}, session);
    const [first] = await postProcess(withSession, FILES);
    expect((await postProcess(withSession, FILES))[0]).toBe(first);
    expect((await postProcess(single, FILES))[0]).not.toBe(first);
  });

  it('end with the signal, before the next one begins', async () => {
    const stop = new AbortController();
    const stopping: Processor = {
      name: 'stopping',
      process(before) {
        stop.abort();
        return before;
      },
    };
    const next: Processor = { name: 'next', process: () => expect.fail('It began.') };
    await expect(process({ processors: [stopping, next] }, { signal: stop.signal })).rejects.toMatchObject({
      code: 'interrupted',
    });
  });

  it('with the same name have a cache each', async () => {
    const contexts: ProcessorContext[] = [];
    const noting = (cacheVersion?: string): Processor => ({
      name: 'noting',
      ...(cacheVersion !== undefined && { cacheVersion }),
      process(before, context) {
        contexts.push(context);
        return before;
      },
    });
    const first = run({ processors: [noting('1'), noting()] });
    await postProcess(first, FILES);
    const [a, b] = contexts;
    expect(b!.destination).toBe(`${a!.destination}-2`);
    a!.cache.save('of the first');
    b!.cache.save(() => 'of the second');
    first.record.save(Date.now());
    await postProcess(run({ processors: [noting('1'), noting()] }), FILES);
    await postProcess(run({ processors: [noting('2')] }), FILES);
    const loaded = contexts.slice(2).map(({ cache }) => cache.load());
    expect(loaded).toEqual(['of the first', 'of the second', undefined]);
  });
});

describe('the manifest', () => {
  it('comes last, for a release or an import map too', async () => {
    expect(await names({ release: { id: async () => 'v1' } })).toEqual([
      'a.css',
      ...['release.json', ...MANIFEST].map((name) => `v1/${name}`),
      ...MANIFEST,
    ]);
    expect(await names({ importMap: { entries: {}, file: 'map.json' } })).toEqual([
      'a.css',
      'map.json',
      ...MANIFEST,
    ]);
  });
});

it('with readAll, each output has its content', async () => {
  expect((await process({}))[0]).not.toHaveProperty('content');
  expect((await process({}, { readAll: true }))[0]).toMatchObject({ content: { size: 4 } });
});

describe('a storage that stores inline', () => {
  const variant = (name: string) => made(`a.css${name}`, name, { logicalPath: 'a.css', variantOf: 'a.css' });
  const { gz, br, zst } = { gz: variant('.gz'), br: variant('.br'), zst: variant('.zst') };
  const storage = { ...run().settings.storage, storesInline: true };

  it.each<[string, readonly Output[]]>([
    ['gzip', [br, gz, zst]],
    ['br', [zst, br]],
    ['zstd', [zst]],
  ])('gets %s under the file’s own name, of %j', async (contentEncoding, variants) => {
    const file = made('a.css', 'the file');
    const processors = [{ name: 'only', process: () => [file, ...variants, made('b.css')] }];
    const chosen = { gzip: gz, br, zstd: zst }[contentEncoding]!;
    expect(await process({ processors, storage })).toEqual([
      { ...file, body: chosen.body, contentEncoding, stored: chosen.content },
      made('b.css'),
    ]);
  });

  it('other storages get all variants', async () => {
    const processors = [{ name: 'only', process: () => [made('a.css'), br, gz] }];
    expect(await names({ processors })).toEqual(['a.css', 'a.css.br', 'a.css.gz']);
  });
});
