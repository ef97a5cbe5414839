import fs from 'node:fs';
import zlib from 'node:zlib';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { openContentCache } from '../../src/cache/content-cache.js';
import { collectstatic } from '../../src/collectstatic.js';
import type { Warning } from '../../src/model/static-file.js';
import { compress } from '../../src/processors/compress/compress.js';
import type { Processor } from '../../src/processors/processor.js';
import { builtSettings } from '../support/built-settings.js';
import { newProject, type Project } from '../support/project.js';

const TEXT = 'a { color: red }\n'.repeat(200);

function projectOf(): Project {
  return newProject({ 'src/a.css': TEXT });
}

/** Compresses, then runs the steps, then publishes. */
function collect(project: Project, ...steps: Processor[]) {
  return collectstatic(
    builtSettings(project, { 'a.css': 'src/a.css' }, { processors: [compress(), ...steps] }),
  );
}

function expectPublished(project: Project): void {
  const bytes = (name: string) => fs.readFileSync(project.path('root', name));
  expect(String(zlib.gunzipSync(bytes('a.css.gz')))).toBe(TEXT);
  expect(String(zlib.brotliDecompressSync(bytes('a.css.br')))).toBe(TEXT);
}

/** What another process does to the cache while the run goes on. */
function meanwhile(name: string, step: () => void): Processor {
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

afterEach(() => vi.restoreAllMocks());

describe('compress makes a variant again', () => {
  it('if the cache is pruned between finding and publishing it', async () => {
    const project = projectOf();
    await collect(
      project,
      meanwhile('prune', () => fs.rmSync(packOf(project))),
    );
    expectPublished(project);
  });

  it('if the cache is damaged between finding and publishing it', async () => {
    const project = projectOf();
    const damage = () => {
      const bytes = fs.readFileSync(packOf(project));
      fs.writeFileSync(packOf(project), bytes.fill(0, bytes.length - 20));
    };
    await collect(project, meanwhile('damage', damage));
    expectPublished(project);
  });

  it('but not of another source', async () => {
    const project = projectOf();
    const change = () => {
      fs.rmSync(packOf(project));
      project.write({ 'src/a.css': TEXT.replace('red', 'tan') });
    };
    await expect(collect(project, meanwhile('change', change))).rejects.toMatchObject({
      code: 'source',
      message: expect.stringMatching(/a\.css' changed/),
    });
  });

  it('but not with other bytes than those that the manifest tells of', async () => {
    const project = projectOf();
    const change = () => {
      fs.rmSync(packOf(project));
      vi.spyOn(zlib, 'gzipSync').mockReturnValue(Buffer.from('another version of zlib made these'));
    };
    await expect(collect(project, meanwhile('change', change))).rejects.toMatchObject({
      code: 'source',
      message: expect.stringMatching(/^The variant of 'a\.css' is no longer in the cache.*Run again\.$/),
    });
  });
});

describe('the cache of contents', () => {
  const open = (cacheDir: string, warnings: Warning[] = []) =>
    openContentCache({ cacheDir, owner: 'me', warn: (warning) => warnings.push(warning) });
  const NAME = Buffer.alloc(20, 1).toString('base64url');
  const OTHER = Buffer.alloc(20, 2).toString('base64url');

  it('gives back what another run has added, and proves only what its owner has used', () => {
    const { dir } = newProject({});
    const first = open(dir);
    first.add(NAME, Buffer.from('one'));
    first.save();
    const second = open(dir);
    expect([String(second.find(NAME)?.read()), second.find(OTHER)]).toEqual(['one', undefined]);
    expect(second.isProven(NAME)).toBe(true);
    const stranger = openContentCache({ cacheDir: dir, owner: 'stranger', warn() {} });
    expect(stranger.isProven(NAME)).toBe(false);
  });

  it('proves nothing of a pack that is another file now, as in a cache that was restored', () => {
    const { dir } = newProject({});
    const first = open(dir);
    first.add(NAME, Buffer.from('one'));
    first.save();
    fs.cpSync(`${dir}/compressed`, `${dir}/restored`, { recursive: true });
    fs.rmSync(`${dir}/compressed`, { recursive: true });
    fs.renameSync(`${dir}/restored`, `${dir}/compressed`);
    const second = open(dir);
    expect([String(second.find(NAME)?.read()), second.isProven(NAME)]).toEqual(['one', false]);
  });

  it('holds in memory what cannot be written, up to a limit', () => {
    const warnings: Warning[] = [];
    const cache = open(newProject({ cache: 'a file' }).path('cache/below'), warnings);
    const large = Buffer.alloc(64 * 1024 * 1024);
    const contents = [1, 2, 3, 4, 5].map((number) =>
      cache.add(Buffer.alloc(20, number).toString('base64url'), large),
    );
    cache.save();
    expect(contents.map(({ read }) => read() === large)).toEqual([true, true, true, true, false]);
    expect(contents[4]!.read()).toBeUndefined();
    expect(warnings.every(({ code }) => code === 'cache')).toBe(true);
  });
});
