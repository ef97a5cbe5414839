import fs from 'node:fs';
import zlib from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { collectstatic } from '../../../src/collectstatic.js';
import { compress } from '../../../src/processors/compress/processor.js';
import type { FingerprintOptions } from '../../../src/processors/fingerprint/options.js';
import { fingerprint } from '../../../src/processors/fingerprint/processor.js';
import { serve } from '../../../src/serve/serve.js';
import { objectStorage } from '../../../src/storages/objects/object-storage.js';
import type { ChangedFile } from '../../../src/storages/storage.js';
import { ask } from '../../serve/support/ask.js';
import { builtSettings } from '../../support/built-settings.js';
import { memoryStore } from '../../support/memory-store.js';
import { newProject } from '../../support/project.js';

const FOREVER = 'public, max-age=31536000, immutable';
const SCRIPT = `export const a = 1;${'/* pad */'.repeat(300)}`;
const CHUNK = 'assets/app-BxY3k9Qa.js';

describe('a file that a bundler has named', () => {
  const TREE = { [CHUNK]: SCRIPT, 'logo.svg': '<svg/>' };
  const FILES = { [CHUNK]: CHUNK, 'logo.svg': 'logo.svg' };
  const PROCESSORS = [fingerprint({ prehashed: ['assets/*.js'] }), compress({ encodings: ['gzip'] })];

  it('is served as immutable, and other plain names are not', async () => {
    const project = newProject(TREE);
    await collectstatic(builtSettings(project, FILES, { processors: PROCESSORS }));
    const statics = await serve({ manifest: project.path('root/staticfiles.json'), env: {} });

    expect((await ask(statics, `/static/${CHUNK}`, { 'accept-encoding': 'gzip' }))?.headers).toMatchObject({
      'cache-control': FOREVER,
      'content-encoding': 'gzip',
    });
    expect((await ask(statics, '/static/logo.svg'))?.headers['cache-control']).toBe('public, max-age=60');
    project.write({ [`root/${CHUNK}`]: 'replaced' });
    const replaced = await serve({ manifest: project.path('root/staticfiles.json'), env: {} });
    expect((await ask(replaced, `/static/${CHUNK}`))?.headers['cache-control']).toBe('public, max-age=60');
  });

  it('is immutable in the headers of a service and for the hook, with its variants', async () => {
    const project = newProject(TREE);
    const memory = memoryStore();
    const changed: ChangedFile[] = [];
    const settings = builtSettings(project, FILES, {
      processors: PROCESSORS,
      storage: await objectStorage(memory),
      afterPublish: (files) => void changed.push(...files),
    });
    await collectstatic(settings);
    const cacheControl = (key: string) => memory.objects.get(key)?.headers.cacheControl;
    expect([CHUNK, `${CHUNK}.gz`, 'logo.svg'].map(cacheControl)).toEqual([
      FOREVER,
      FOREVER,
      'public, max-age=60',
    ]);
    const immutable = Object.fromEntries(changed.map((file) => [file.publicPath, file.immutable]));
    expect(immutable).toMatchObject({ [CHUNK]: true, [`${CHUNK}.gz`]: true, 'logo.svg': false });
  });

  it("keeps the bundler's own variant beside it, also if only the file itself matches", async () => {
    const gzipped = zlib.gzipSync(SCRIPT);
    const project = newProject(TREE);
    const files = { ...FILES, [`${CHUNK}.gz`]: `${CHUNK}.gz` };
    fs.writeFileSync(project.path(`${CHUNK}.gz`), gzipped);
    await collectstatic(builtSettings(project, files, { processors: PROCESSORS }));
    const { files: details } = JSON.parse(project.texts()['staticfiles.details.json']!);
    expect(Object.keys(details).sort()).toEqual([
      CHUNK,
      `${CHUNK}.gz`,
      expect.stringMatching(/^logo\..*svg$/),
      'logo.svg',
    ]);
    expect(details[CHUNK].encodings.gzip.size).toBe(gzipped.length);
  });
});

describe('a source that is the fingerprinted copy of another one', () => {
  const COPY = 'app.0cc175b9c0f1.css'; // MD5 of 'a'

  async function paths(copy: string, options: FingerprintOptions) {
    const project = newProject({ 'app.css': 'a', [COPY]: copy });
    const files = { 'app.css': 'app.css', [COPY]: COPY };
    await collectstatic(builtSettings(project, files, { processors: [fingerprint(options)] }));
    return JSON.parse(project.texts()['staticfiles.json']!).paths;
  }

  it.each<[FingerprintOptions, string]>([
    [{}, 'app.0cc175b9c0f1.0cc175b9c0f1.css'],
    [{ originals: false }, 'app.0cc175b9c0f1.0cc175b9c0f1.css'],
    [{ prehashed: ['app.?*.css'] }, COPY],
    [{ exclude: [COPY] }, COPY],
    [{ exclude: [COPY], originals: false }, COPY],
  ])('is no conflict if the bytes are equal, with %j', async (options, name) => {
    expect(await paths('a', options)).toEqual({ 'app.css': COPY, [COPY]: name });
  });

  it('is an error if the bytes differ, which excluding the other one resolves', async () => {
    const message = `'app.css' and '${COPY}' would both be published as '${COPY}', but their bytes differ. Delete or ignore '${COPY}', or add 'app.css' to the option 'exclude' of fingerprint.`;
    await expect(paths('b', { prehashed: [COPY] })).rejects.toMatchObject({ code: 'source', message });
    expect(await paths('b', { prehashed: [COPY], exclude: ['app.css'] })).toEqual({
      'app.css': 'app.css',
      [COPY]: COPY,
    });
  });
});
