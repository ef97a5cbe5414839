import fs from 'node:fs';
import path from 'node:path';
import { serialize } from 'node:v8';
import { describe, expect, it } from 'vitest';
import { openRecord, type RecordedFile } from '../../src/cache/record.js';
import { newProject } from '../support/project.js';

const project = newProject({});

const entry: RecordedFile = {
  sourcePath: '/src/ü ñ.txt',
  source: { size: 3, mtimeMs: 1577836800123.456, ctimeMs: 1577836800999.25, ino: 2 ** 52 },
  hash: 'abc',
  size: 5,
  targetMtimeMs: 1577836800123.456,
};

const later = entry.source.ctimeMs + 5000;

/** Writes a record with these files. */
function recorded(name: string, entries: Record<string, RecordedFile>): string {
  const file = project.path('cache', name);
  const record = openRecord(file);
  for (const [publicPath, known] of Object.entries(entries)) record.set(publicPath, known);
  record.save(later);
  return file;
}

describe('record', () => {
  it('returns the files that were set', () => {
    const other = { ...entry, sourcePath: '/src/b' };
    const file = recorded('back.bin', { 'ü ñ.txt': entry, b: other });
    const record = openRecord(file);
    expect([record.get('ü ñ.txt'), record.get('b'), record.get('c')]).toEqual([entry, other, undefined]);
    expect(fs.readdirSync(path.dirname(file)).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });

  it('saves only the files that were kept or set', () => {
    const file = recorded('kept.bin', { a: entry, b: entry, c: entry });
    const record = openRecord(file);
    record.keep('a');
    record.set('b', { ...entry, sourcePath: '/elsewhere' });
    record.save(later);
    const next = openRecord(file);
    expect(next.get('a')).toEqual(entry);
    expect(next.get('b')?.sourcePath).toBe('/elsewhere');
    expect(next.get('c')).toBeUndefined();
  });

  it('is not written if nothing changed', () => {
    const file = recorded('same.bin', { a: entry });
    const inode = fs.statSync(file).ino;
    const record = openRecord(file);
    record.keep('a');
    record.save(later);
    expect(fs.statSync(file).ino).toBe(inode);
  });

  it('has the time of the day when it was last used', () => {
    const file = recorded('used.bin', { a: entry });
    const ago = (hours: number) => Date.now() / 1000 - hours * 60 * 60;
    const useAt = (seconds: number) => {
      fs.utimesSync(file, seconds, seconds);
      const record = openRecord(file);
      record.keep('a');
      record.save(later);
      return fs.statSync(file).mtimeMs / 1000;
    };
    const lately = ago(23);
    expect(useAt(lately)).toBeCloseTo(lately, 2);
    expect(useAt(ago(25))).toBeGreaterThan(ago(1));
  });

  it('is empty if it is not trusted, and is replaced', () => {
    const file = recorded('untrusted.bin', { a: entry });
    const record = openRecord(file, false);
    expect(record.get('a')).toBeUndefined();
    record.save(later);
    expect(openRecord(file).get('a')).toBeUndefined();
  });

  it('keeps the values of processors', () => {
    const file = project.path('cache/memory.bin');
    const record = openRecord(file);
    record.remember('fingerprint', { a: [1, 2] });
    record.save(later);
    expect(openRecord(file).recall('fingerprint')).toEqual({ a: [1, 2] });
    expect(openRecord(file, false).recall('fingerprint')).toBeUndefined();
  });

  const whole = () => fs.readFileSync(recorded('whole.bin', { a: entry }));

  it.each<[string, () => Buffer | undefined]>([
    ['nothing', () => undefined],
    ['other bytes', () => Buffer.from('{')],
    ['no index', () => serialize({})],
    ['half of its bytes', () => whole().subarray(0, whole().length / 2)],
    ['a damaged index', () => Buffer.from(whole()).fill(1, whole().length - 60, whole().length - 59)],
    ['damaged bytes at its end', () => Buffer.from(whole()).fill(1, whole().length - 3)],
    [
      'another version',
      () => Buffer.from(whole().toString('latin1').replace('record 8', 'record 7'), 'latin1'),
    ],
  ])('is empty if the file has %s', (_, bytesOf) => {
    const bytes = bytesOf();
    const file = project.path('damaged.bin');
    fs.rmSync(file, { force: true });
    if (bytes !== undefined) fs.writeFileSync(file, bytes);
    const record = openRecord(file);
    expect([record.get('a'), record.problem]).toEqual([undefined, undefined]);
  });

  it('keeps the values of processors if the files are damaged, and the reverse', () => {
    const file = project.path('cache/parts.bin');
    const record = openRecord(file);
    record.set('a', entry);
    record.remember('compress', 'c'.repeat(100));
    record.save(later);
    const bytes = fs.readFileSync(file);
    const last = bytes.indexOf('ccc');
    fs.writeFileSync(file, Buffer.from(bytes).fill(1, last, last + 1));
    expect([openRecord(file).get('a'), openRecord(file).recall('compress')]).toEqual([entry, undefined]);
    const at = bytes.indexOf('/src/');
    fs.writeFileSync(file, Buffer.from(bytes).fill(1, at, at + 1));
    expect([openRecord(file).get('a'), openRecord(file).recall('compress')]).toEqual([
      undefined,
      'c'.repeat(100),
    ]);
  });

  it('copies the values of processors that a run has not loaded', () => {
    const file = project.path('cache/copied.bin');
    const first = openRecord(file);
    first.remember('fingerprint', 1);
    first.remember('compress', 2);
    first.save(later);
    const second = openRecord(file);
    second.set('a', entry);
    second.remember('compress', 3);
    second.save(later);
    const third = openRecord(file);
    expect([third.recall('fingerprint'), third.recall('compress'), third.get('a')]).toEqual([1, 3, entry]);
  });

  it('forgets what is true of one run as soon as another one records other files', () => {
    const file = project.path('cache/run.bin');
    const first = openRecord(file);
    first.set('a', entry);
    first.rememberRun('first');
    first.save(later);
    const second = openRecord(file);
    second.keep('a');
    second.remember('fingerprint', 1);
    second.save(later);
    const third = openRecord(file);
    expect(third.recallRun()).toBe('first');
    third.keep('a');
    third.set('b', entry);
    third.save(later);
    expect(openRecord(file).recallRun()).toBeUndefined();
  });

  it('gives size and time of the files of the last run, also if their sources are damaged', () => {
    const file = recorded('published.bin', { a: entry });
    const bytes = fs.readFileSync(file);
    const at = bytes.indexOf('/src/');
    fs.writeFileSync(file, Buffer.from(bytes).fill(1, at, at + 1));
    const { size, targetMtimeMs } = entry;
    expect(openRecord(file).published().get('a')).toEqual({ size, targetMtimeMs });
  });

  it('has the error that kept it from being read', () => {
    const folder = project.path('folder.bin');
    fs.mkdirSync(folder);
    const record = openRecord(folder);
    expect([record.get('a'), record.problem]).toEqual([
      undefined,
      expect.objectContaining({ code: 'EISDIR' }),
    ]);
  });

  it.each([
    ['settled', entry.source.ctimeMs, 100, true],
    ['within its clock tick', entry.source.ctimeMs, 5, false],
    ['within two seconds, where times are whole seconds', 1577836800000, 1900, false],
  ])('of a source that is %s (%d + %d ms) is remembered: %s', (_, ctimeMs, age, remembered) => {
    const file = project.path('young.bin');
    fs.rmSync(file, { force: true });
    const record = openRecord(file);
    record.set('a', { ...entry, source: { ...entry.source, ctimeMs } });
    record.save(ctimeMs + age);
    expect(openRecord(file).get('a') !== undefined).toBe(remembered);
  });

  it('remembers a young source if its stamp is sure', () => {
    const file = project.path('sure.bin');
    const record = openRecord(file);
    record.set('a', entry, true);
    record.save(entry.source.ctimeMs);
    expect(openRecord(file).get('a')).toEqual(entry);
  });
});
