import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { dropUnsettled, type PublishRecord, readRecord, sameRecord, writeRecord } from '../src/record.js';
import { newProject } from './support/project.js';

const project = newProject({});
const entry = {
  sourcePath: '/src/ü ñ.txt',
  source: { size: 3, mtimeMs: 1577836800123.456, ctimeMs: 1577836800999.25, ino: 2 ** 52 },
  targetMtimeMs: 1577836800123.456,
};

describe('record', () => {
  it('comes back as it was written', () => {
    const file = project.path('cache/records/a.json');
    const record: PublishRecord = new Map([
      ['ü ñ.txt', entry],
      ['b', { ...entry, sourcePath: '/src/b' }],
    ]);
    writeRecord(file, record);
    expect(readRecord(file)).toEqual(record);
    expect(fs.readdirSync(path.dirname(file))).toEqual(['a.json']);
  });

  it.each([
    ['nothing', undefined],
    ['no JSON', '{'],
    ['another version', '{"version":0,"publicPaths":["a"],"sourcePaths":["/a"],"numbers":""}'],
    ['numbers missing', '{"version":1,"publicPaths":["a"],"sourcePaths":["/a"],"numbers":""}'],
    ['lists missing', '{"version":1}'],
    ['JSON of another kind', 'null'],
  ])('is empty where the file holds %s', (_, text) => {
    const file = project.path('damaged.json');
    fs.rmSync(file, { force: true });
    if (text !== undefined) fs.writeFileSync(file, text);
    expect(readRecord(file)).toEqual(new Map());
  });

  it('keeps no entry whose source may still change within its clock tick', () => {
    const at = entry.source.ctimeMs;
    const record: PublishRecord = new Map([['a', entry]]);
    dropUnsettled(record, at + 100);
    expect(record.size).toBe(1);
    dropUnsettled(record, at + 5);
    expect(record.size).toBe(0);
  });

  it('allows two seconds where times are whole seconds', () => {
    const coarse = { ...entry, source: { ...entry.source, ctimeMs: 1577836800000 } };
    const record: PublishRecord = new Map([['a', coarse]]);
    dropUnsettled(record, 1577836801900);
    expect(record.size).toBe(0);
  });

  it('is the same only with the same entries', () => {
    const record = new Map([['a', entry]]);
    expect(sameRecord(record, new Map([['a', entry]]))).toBe(true);
    expect(sameRecord(record, new Map([['a', { ...entry }]]))).toBe(false);
    expect(sameRecord(record, new Map([['b', entry]]))).toBe(false);
    expect(sameRecord(record, new Map())).toBe(false);
  });
});
