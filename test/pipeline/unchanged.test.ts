import { createHash } from 'node:crypto';
import { describe, expect, it, vi } from 'vitest';
import type { PublishRecord, RecordedFile } from '../../src/cache/record.js';
import { readStamp } from '../../src/files/stamp.js';
import { integrityHash } from '../../src/model/content.js';
import type { Output } from '../../src/model/output.js';
import { isAsPublished, recordWritten, unchangedProof } from '../../src/pipeline/unchanged.js';
import type { StoredFile } from '../../src/storages/storage.js';
import { inventoryOf, made, original } from '../support/outputs.js';
import { newProject } from '../support/project.js';

const project = newProject({ 'a.css': 'a {}' });
const A = original('a.css', project.path('a.css'));
const STORED: StoredFile = { kind: 'file', size: 4, mtimeMs: 1000 };

const md5 = (text: string) => createHash('md5').update(text).digest('hex');

/** A record that says that of every file, and notes what it is given. */
function recordOf(recorded?: RecordedFile) {
  const record = { get: vi.fn(() => recorded), keep: vi.fn(), set: vi.fn() };
  return { ...record, publishRecord: record as unknown as PublishRecord };
}

describe('by the hash that the storage knows', () => {
  const proof = (algorithm: string) =>
    unchangedProof(inventoryOf({}, { proof: { kind: 'hash', algorithm } }), []);
  const output = made('a.css', 'a {}');
  const sha384 = integrityHash(output.content!.integrity)!;

  it.each<[boolean, string, Partial<StoredFile>]>([
    [true, 'md5', { hash: md5('a {}') }],
    [false, 'md5', { hash: md5('b {}') }],
    [false, 'md5', {}],
    [true, 'md5', { hash: sha384, hashAlgorithm: 'sha384' }],
    [false, 'sha384', { hash: md5('a {}') }],
    [true, 'md5', { hash: md5('a {}'), encoding: 'identity' }],
    [false, 'md5', { hash: md5('a {}'), encoding: 'gzip' }],
  ])('it is %s with %s for %j', (expected, algorithm, stored) => {
    expect(proof(algorithm)(output, { kind: 'file', size: 4, ...stored })).toBe(expected);
  });

  it('a known hash is not computed again, and one of another algorithm is', () => {
    const unread = { ...output, body: { kind: 'file' as const, file: '/none' } };
    expect(proof('sha384')(unread, { kind: 'file', size: 4, hash: sha384 })).toBe(true);
    expect(() => proof('md5')(unread, { kind: 'file', size: 4, hash: sha384 })).toThrow('ENOENT');
  });

  it('the record is not asked', () => {
    const { publishRecord, get } = recordOf();
    const inventory = inventoryOf({}, { proof: { kind: 'hash', algorithm: 'md5' } });
    expect(unchangedProof(inventory, [], publishRecord)(A, { ...STORED, hash: md5('a {}') })).toBe(true);
    expect(get).not.toHaveBeenCalled();
  });
});

describe('without a record', () => {
  it('bytes are compared', () => {
    const hasBytes = vi.fn(() => true);
    expect(unchangedProof(inventoryOf({}, { hasBytes }), [])(A, STORED)).toBe(true);
    expect(hasBytes).toHaveBeenCalledWith('a.css', A.body);
  });

  it('nothing is proved by a storage that cannot compare', () => {
    expect(unchangedProof(inventoryOf({}), [])(A, STORED)).toBe(false);
  });
});

describe('by the record', () => {
  const source = readStamp(project.path('a.css'));
  const recorded: RecordedFile = {
    sourcePath: project.path('a.css'),
    source,
    hash: '',
    size: 4,
    targetMtimeMs: 1000,
  };
  const compare = (entry: RecordedFile | undefined, hasBytes: boolean, output = A, stored = STORED) => {
    const record = recordOf(entry);
    const compared = vi.fn(() => hasBytes);
    const proof = unchangedProof(inventoryOf({}, { hasBytes: compared }), [], record.publishRecord);
    return { ...record, compared, result: proof(output, stored) };
  };

  it('a file that is as recorded is not compared, and stays recorded', () => {
    const { result, compared, keep, set } = compare(recorded, false);
    expect(result).toBe(true);
    expect(compared).not.toHaveBeenCalled();
    expect(keep).toHaveBeenCalledWith('a.css');
    expect(set).not.toHaveBeenCalled();
  });

  it.each<[string, RecordedFile | undefined]>([
    ['is not recorded', undefined],
    ['has another source', { ...recorded, sourcePath: '/other' }],
    ['has a source in another state', { ...recorded, source: { ...source, mtimeMs: source.mtimeMs + 1 } }],
    ['was made of other bytes', { ...recorded, hash: 'other' }],
    ['has another size', { ...recorded, size: 5 }],
    ['has another time', { ...recorded, targetMtimeMs: 1001 }],
  ])('a file that %s is compared, and recorded if it is equal', (_, entry) => {
    const equal = compare(entry, true);
    expect(equal.result).toBe(true);
    expect(equal.set).toHaveBeenCalledWith('a.css', recorded, false);
    expect(equal.keep).not.toHaveBeenCalled();
    const different = compare(entry, false);
    expect(different.result).toBe(false);
    expect(different.set).not.toHaveBeenCalled();
  });

  it('made bytes are recorded by their hash, and only if that is known', () => {
    const output = made('b.css', 'b {}');
    const known = compare(undefined, true, output);
    const { hash } = output.content!;
    expect(known.set).toHaveBeenCalledWith('b.css', expect.objectContaining({ hash, sourcePath: '' }), true);
    const { content: _, ...unknown } = output;
    expect(compare(recorded, true, unknown)).toMatchObject({ result: true });
    expect(compare(recorded, true, unknown).set).not.toHaveBeenCalled();
    expect(compare(recorded, false, unknown).result).toBe(false);
  });

  it('the state that a processor saw counts, not the present one', () => {
    const body = { kind: 'file' as const, file: project.path('a.css'), stamp: { ...source, size: 99 } };
    const { compared } = compare(recorded, true, { ...A, body });
    expect(compared).toHaveBeenCalled();
  });
});

it('a stored file is as published with its size, and its time but for rounding', () => {
  const recorded = { size: 4, targetMtimeMs: 1000 } as RecordedFile;
  const at = (mtimeMs: number | undefined, size = 4) =>
    isAsPublished({ kind: 'file', size, ...(mtimeMs !== undefined && { mtimeMs }) }, recorded);
  expect([at(1000), at(1000.0019), at(999.9981)]).toEqual([true, true, true]);
  expect([at(1000.0021), at(999.9979), at(undefined), at(1000, 5)]).toEqual([false, false, false, false]);
});

describe('what was written is recorded', () => {
  const source = readStamp(project.path('a.css'));
  const recordedAs = (output: Output, written: object) => {
    const { publishRecord, set } = recordOf();
    recordWritten(publishRecord, { publicPath: output.publicPath, ...written }, output);
    return set.mock.calls;
  };

  it('as a copy, with the time of its source unless the storage gives another', () => {
    const expected = { sourcePath: project.path('a.css'), source, hash: '', size: 4 };
    expect(recordedAs(A, { source })).toEqual([['a.css', { ...expected, targetMtimeMs: source.mtimeMs }]]);
    expect(recordedAs(A, { source, mtimeMs: 5 })).toEqual([['a.css', { ...expected, targetMtimeMs: 5 }]]);
    expect(recordedAs(A, {})).toEqual([]);
  });

  it('as rewritten, with its own size and hash', () => {
    const content = { hash: 'h', size: 9, integrity: 'sha384-x' };
    const body = {
      kind: 'rewritten' as const,
      rewritten: project.path('a.css'),
      stamp: source,
      insertions: [],
    };
    expect(recordedAs({ ...A, body, content }, { source })).toEqual([
      ['a.css', { sourcePath: body.rewritten, source, hash: 'h', size: 9, targetMtimeMs: source.mtimeMs }],
    ]);
  });

  it('as made bytes, if hash and time are known', () => {
    const output = made('b.css', 'b {}');
    const { hash } = output.content!;
    expect(recordedAs(output, { mtimeMs: 5 })).toMatchObject([
      ['b.css', { sourcePath: '', hash, size: 4, targetMtimeMs: 5 }, true],
    ]);
    expect(recordedAs(output, {})).toEqual([]);
    const { content: _, ...unknown } = output;
    expect(recordedAs(unknown, { mtimeMs: 5 })).toEqual([]);
  });
});

describe('the note of a release', () => {
  const note = made('v1/release.json', '{}', { role: 'release-note' });
  const manifest = made('v1/staticfiles.json', 'm', { role: 'manifest' });
  const details = made('v1/staticfiles.details.json', 'd', { role: 'manifest' });
  const other = made('staticfiles.json', 'o', { role: 'manifest' });

  it.each<[boolean, string, readonly string[], readonly string[]]>([
    [true, 'manifest and details are unchanged', [manifest.publicPath, details.publicPath], []],
    [false, 'one of them has changed', [manifest.publicPath], [details.publicPath]],
    [false, 'one of them is missing', [manifest.publicPath], []],
    [true, 'another manifest has changed', [manifest.publicPath, details.publicPath], [other.publicPath]],
  ])('is unchanged: %s, if %s', (expected, _, same, changed) => {
    const files = Object.fromEntries([...same, ...changed].map((path) => [path, {}]));
    const inventory = inventoryOf(files, { hasBytes: (path) => same.includes(path) });
    const proof = unchangedProof(inventory, [note, details, manifest, other]);
    expect(proof(note, STORED)).toBe(expected);
  });

  it('is changed if its manifest is not a file', () => {
    const inventory = inventoryOf({ [manifest.publicPath]: { kind: 'link' } }, { hasBytes: () => true });
    expect(unchangedProof(inventory, [note, manifest])(note, STORED)).toBe(false);
  });
});
