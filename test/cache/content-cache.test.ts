import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { openContentCache } from '../../src/cache/content-cache.js';
import { writePack } from '../../src/cache/pack-file.js';
import { packsFolder } from '../../src/cache/packs.js';
import type { Warning } from '../../src/model/static-file.js';
import { noteCalls } from '../support/failing-calls.js';
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

  it('proves contents in a restored cache, whose files have other times', () => {
    const { dir } = newProject({});
    const first = open(dir);
    first.add(NAME, Buffer.from('one'));
    first.save();
    fs.cpSync(`${dir}/compressed`, `${dir}/restored`, { recursive: true });
    fs.rmSync(`${dir}/compressed`, { recursive: true });
    fs.renameSync(`${dir}/restored`, `${dir}/compressed`);
    const second = open(dir);
    expect([String(second.find(NAME)?.read()), second.isProven(NAME)]).toEqual(['one', true]);
  });

  it('proves nothing about a pack with other contents, even if its times are the same', () => {
    const { dir } = newProject({});
    const first = open(dir);
    first.add(NAME, Buffer.from('one'));
    first.save();
    const [pack = ''] = fs.readdirSync(packsFolder(dir));
    const file = path.join(packsFolder(dir), pack);
    const { atime, mtime } = fs.statSync(file);
    writePack(file, [{ name: NAME, bytes: Buffer.from('two'), day: 1 }]);
    fs.utimesSync(file, atime, mtime);
    const second = open(dir);
    expect([String(second.find(NAME)?.read()), second.isProven(NAME)]).toEqual(['two', false]);
  });

  it('returns no damaged content, and then proves nothing until it is verified again', () => {
    const { dir } = newProject({});
    const first = open(dir);
    first.add(NAME, Buffer.from('one'));
    first.add(OTHER, Buffer.from('other'));
    first.save();
    const [pack = ''] = fs.readdirSync(packsFolder(dir));
    const file = path.join(packsFolder(dir), pack);
    const bytes = fs.readFileSync(file);
    fs.writeFileSync(file, bytes.fill('x', bytes.length - 1));
    const second = open(dir);
    expect([second.isProven(NAME), second.isProven(OTHER)]).toEqual([true, true]);
    expect([String(second.find(NAME)?.read()), second.find(OTHER)?.read()]).toEqual(['one', undefined]);
    const third = open(dir);
    expect([third.isProven(NAME), third.isProven(OTHER)]).toEqual([false, false]);
  });

  it('reads contents that are beside each other with one read', () => {
    const { dir } = newProject({});
    const first = open(dir);
    const names = Array.from({ length: 100 }, (_, index) => Buffer.alloc(20, index).toString('base64url'));
    for (const name of names) first.add(name, Buffer.from(name.repeat(10)));
    first.save();
    const second = open(dir);
    const opened = noteCalls('openSync');
    expect(names.map((name) => String(second.find(name)?.read()))).toEqual(
      names.map((name) => name.repeat(10)),
    );
    expect(opened).toHaveLength(1);
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
