import fs from 'node:fs';
import { describe, expect, it } from 'vitest';
import { openContentCache } from '../../src/cache/content-cache.js';
import type { Warning } from '../../src/model/static-file.js';
import { newProject } from '../support/project.js';

describe('the cache of contents', () => {
  const open = (cacheDir: string, warnings: Warning[] = []) =>
    openContentCache({ cacheDir, owner: 'me', warn: (warning) => warnings.push(warning) });
  const NAME = Buffer.alloc(20, 1).toString('base64url');
  const OTHER = Buffer.alloc(20, 2).toString('base64url');

  it('returns what another run has added, and proves only what its owner has used', () => {
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

  it('proves nothing about a pack that was replaced, as in a restored cache', () => {
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

  it('keeps in memory what cannot be written, up to a limit', () => {
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
