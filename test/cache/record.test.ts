import fs from 'node:fs';
import path from 'node:path';
import { serialize } from 'node:v8';
import { describe, expect, it } from 'vitest';
import { openRecord, RECORDED_FILE, type RecordedFile } from '../../src/cache/record.js';
import { seal, writeSealedFile } from '../../src/cache/sealed-file.js';
import { defineTable } from '../../src/files/table.js';
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

  const files = defineTable('files 1', RECORDED_FILE).pack([['a', { ...entry, sourcePath: '/a' }]]);
  const whole = serialize({ run: undefined, files, memory: {} });
  const damaged = serialize({ run: undefined, files: { ...files, count: 2 }, memory: {} });

  it('returns the files of a file in its form', () => {
    const file = project.path('form.bin');
    writeSealedFile('record 6', file, whole);
    expect(openRecord(file).get('a')?.sourcePath).toBe('/a');
  });

  it.each([
    ['nothing', undefined],
    ['other bytes', Buffer.from('{')],
    ['no seal', whole],
    ['half of its bytes', seal('record 6', whole).subarray(0, 60)],
    ['a damaged byte', Buffer.from(seal('record 6', whole)).fill(1, 90, 91)],
    ['another version', seal('record 5', whole)],
    ['a damaged table', seal('record 6', damaged)],
    ['what this version of V8 cannot read', seal('record 6', Buffer.from([0xff, 0xff, 0]))],
  ])('is empty if the file has %s', (_, bytes) => {
    const file = project.path('damaged.bin');
    fs.rmSync(file, { force: true });
    if (bytes !== undefined) fs.writeFileSync(file, bytes);
    const record = openRecord(file);
    expect([record.get('a'), record.problem]).toEqual([undefined, undefined]);
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
