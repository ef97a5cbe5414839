import fs from 'node:fs';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { StaticFilesError } from '../../../src/errors.js';
import { type FileStamp, readStamp } from '../../../src/files/stamp.js';
import {
  CopyError,
  copyFile,
  explainCopyError,
  type FileMode,
  writeBytes,
  writingTarget,
} from '../../../src/storages/filesystem/copy-file.js';
import { failCalls, noteCalls, systemError } from '../../support/failing-calls.js';
import { newProject } from '../../support/project.js';
import { setUmask } from '../../support/umask.js';

const MODE = { mode: 0o644, chmod: false };
const MEGABYTE = 1024 * 1024;

function copying(size: number) {
  const project = newProject({ 'big.bin': 'x'.repeat(size) });
  const copy = copyFile(project.path('big.bin'), project.path('copy.bin'), undefined, MODE);
  return { project, copy };
}

it('the copy of a large file yields after each megabyte, and is complete in the end', () => {
  const { project, copy } = copying(3 * MEGABYTE + 5);
  expect([...copy]).toHaveLength(4);
  expect(project.texts('.')['copy.bin']).toBe('x'.repeat(3 * MEGABYTE + 5));
});

it('the copy of a small file does not yield', () => {
  expect([...copying(MEGABYTE - 1).copy]).toHaveLength(0);
});

it('a copy that is abandoned closes both files', () => {
  const { copy } = copying(2 * MEGABYTE);
  const closing = vi.spyOn(fs, 'closeSync');
  copy.next();
  expect(closing).not.toHaveBeenCalled();
  copy.return(undefined as never);
  expect(closing).toHaveBeenCalledTimes(2);
  closing.mockRestore();
});

/** Takes all steps of a copy. */
function finish(steps: Generator<void, FileStamp>): FileStamp {
  for (let step = steps.next(); ; step = steps.next()) if (step.done) return step.value;
}

function errorOf(call: () => unknown): unknown {
  try {
    call();
  } catch (error) {
    return error;
  }
  throw new Error('It did not fail.');
}

const modeOf = (file: string) => fs.statSync(file).mode & 0o7777;

describe('copyFile', () => {
  it('returns the state of the source, and gives the copy its text and time', () => {
    const project = newProject({ 'a.txt': { text: 'a', mtime: 1234567890.125 } });
    const stamp = readStamp(project.path('a.txt'));
    expect(finish(copyFile(project.path('a.txt'), project.path('b.txt'), stamp, MODE))).toEqual(stamp);
    expect(fs.statSync(project.path('b.txt')).mtimeMs).toBeCloseTo(1234567890125, 2);
    expect(fs.statSync(project.path('b.txt')).atimeMs).toBeCloseTo(1234567890125, 2);
    expect(project.texts('.')['b.txt']).toBe('a');
  });

  it('leaves the mode to the umask unless it is told to change it', () => {
    const left = setUmask(0o027);
    const project = newProject({ 'a.txt': 'a' });
    const copyWith = (name: string, mode: FileMode) => {
      finish(copyFile(project.path('a.txt'), project.path(name), undefined, mode));
      return modeOf(project.path(name));
    };
    expect(copyWith('b.txt', { mode: 0o666, chmod: false })).toBe(left(0o666));
    expect(copyWith('c.txt', { mode: 0o666, chmod: true })).toBe(0o666);
  });

  it('completes reads and writes that the system does in part', () => {
    const project = newProject({ 'a.txt': 'abcdefghij' });
    const { readSync, writeSync } = fs as unknown as Record<string, (...args: unknown[]) => number>;
    const spies = [
      vi
        .spyOn(fs, 'readSync')
        .mockImplementation(((file: number, buffer: Buffer) =>
          readSync!(file, buffer, 0, 4, null)) as typeof fs.readSync),
      vi
        .spyOn(fs, 'writeSync')
        .mockImplementation(((file: number, bytes: Buffer, start: number, length: number) =>
          writeSync!(file, bytes, start, Math.min(length, 3))) as typeof fs.writeSync),
    ];
    onTestFinished(() => {
      for (const spy of spies) spy.mockRestore();
    });
    finish(copyFile(project.path('a.txt'), project.path('b.txt'), undefined, MODE));
    expect(fs.readFileSync(project.path('b.txt'), 'utf8')).toBe('abcdefghij');
  });

  it('replaces nothing', () => {
    const project = newProject({ 'a.txt': 'a', 'b.txt': 'b' });
    const error = errorOf(() =>
      finish(copyFile(project.path('a.txt'), project.path('b.txt'), undefined, MODE)),
    );
    expect(error).toBeInstanceOf(CopyError);
    expect(error).toMatchObject({ side: 'target', cause: { code: 'EEXIST' } });
    expect(project.texts('.')['b.txt']).toBe('b');
  });

  it('closes the source if the target cannot be opened', () => {
    const project = newProject({ 'a.txt': 'a', 'b.txt': 'b' });
    const closed = noteCalls('closeSync');
    errorOf(() => finish(copyFile(project.path('a.txt'), project.path('b.txt'), undefined, MODE)));
    expect(closed).toHaveLength(1);
  });

  it('says that the source cannot be read, also in its middle', () => {
    const { project, copy } = copying(2 * MEGABYTE);
    const gone = copyFile(project.path('gone.txt'), project.path('b.txt'), undefined, MODE);
    expect(errorOf(() => finish(gone))).toMatchObject({ side: 'source', cause: { code: 'ENOENT' } });
    expect(fs.existsSync(project.path('b.txt'))).toBe(false);
    copy.next();
    failCalls('readSync', systemError('EIO'));
    expect(errorOf(() => finish(copy))).toMatchObject({
      side: 'source',
      message: 'an input/output error of the device',
      cause: { code: 'EIO' },
    });
  });

  it('says that the target cannot be written, also in its middle', () => {
    const { copy } = copying(2 * MEGABYTE);
    const { copy: other } = copying(5);
    copy.next();
    failCalls('writeSync', systemError('ENOSPC'));
    const full = { side: 'target', message: 'no space left on the device', cause: { code: 'ENOSPC' } };
    expect(errorOf(() => finish(copy))).toMatchObject(full);
    expect(errorOf(() => finish(other))).toMatchObject(full);
  });

  it('says that the source changed if it is a folder, or not in the expected state', () => {
    const project = newProject({ 'a.txt': 'a', folder: { folder: true } });
    const stamp = readStamp(project.path('a.txt'));
    const changed = { side: 'changed', message: 'changed', cause: undefined };
    const other = copyFile(project.path('a.txt'), project.path('b.txt'), { ...stamp, ino: 1 }, MODE);
    expect(errorOf(() => finish(other))).toMatchObject(changed);
    const folder = copyFile(project.path('folder'), project.path('b.txt'), undefined, MODE);
    expect(errorOf(() => finish(folder))).toMatchObject(changed);
    expect(fs.existsSync(project.path('b.txt'))).toBe(false);
  });

  it.each<[string, number, (file: string) => void]>([
    ['grows', 2 * MEGABYTE, (file) => fs.appendFileSync(file, 'x')],
    ['grows from exactly a megabyte', MEGABYTE, (file) => fs.appendFileSync(file, 'x')],
    ['shrinks', 2 * MEGABYTE, (file) => fs.truncateSync(file, MEGABYTE)],
    ['gets another time', 2 * MEGABYTE, (file) => fs.utimesSync(file, 1, 1)],
    ['gets another time and is exactly a megabyte large', MEGABYTE, (file) => fs.utimesSync(file, 1, 1)],
  ])('says that the source changed if it %s while it is copied', (_, size, change) => {
    const { project, copy } = copying(size);
    expect(copy.next().done).toBe(false);
    change(project.path('big.bin'));
    expect(errorOf(() => finish(copy))).toMatchObject({ side: 'changed' });
  });
});

it('a small file that shrinks right before it is read has changed', () => {
  const project = newProject({ 'a.txt': 'abc' });
  failCalls('readSync', systemError('EIO'), () => {
    fs.truncateSync(project.path('a.txt'), 1);
    return false;
  });
  const copy = copyFile(project.path('a.txt'), project.path('b.txt'), undefined, MODE);
  expect(errorOf(() => finish(copy))).toMatchObject({ side: 'changed' });
});

describe('writeBytes', () => {
  it('writes a new file and returns its time', () => {
    const file = newProject({}).path('b.txt');
    const mtimeMs = writeBytes(Buffer.from('abc'), file, MODE);
    expect(fs.readFileSync(file, 'utf8')).toBe('abc');
    expect(mtimeMs).toBe(fs.statSync(file).mtimeMs);
  });

  it('leaves the mode to the umask unless it is told to change it', () => {
    const left = setUmask(0o027);
    const project = newProject({});
    writeBytes(Buffer.from('b'), project.path('b.txt'), { mode: 0o666, chmod: false });
    writeBytes(Buffer.from('c'), project.path('c.txt'), { mode: 0o666, chmod: true });
    expect([modeOf(project.path('b.txt')), modeOf(project.path('c.txt'))]).toEqual([left(0o666), 0o666]);
  });

  it('replaces nothing, and throws what the system says', () => {
    const project = newProject({ 'b.txt': 'b' });
    expect(() => writeBytes(Buffer.from('new'), project.path('b.txt'), MODE)).toThrow(
      expect.objectContaining({ code: 'EEXIST' }),
    );
    expect(project.texts('.')['b.txt']).toBe('b');
  });

  it('closes the file if it cannot be written', () => {
    const file = newProject({}).path('b.txt');
    const error = systemError('ENOSPC');
    failCalls('writeSync', error);
    const closed = noteCalls('closeSync');
    expect(errorOf(() => writeBytes(Buffer.from('b'), file, MODE))).toBe(error);
    expect(closed).toHaveLength(1);
  });
});

describe('writingTarget', () => {
  it('returns what the step returns', () => {
    expect(writingTarget('/out/a.txt', () => 7)).toBe(7);
  });

  it('names the published file in a system error', () => {
    const failing = () => {
      throw systemError('ENOSPC');
    };
    const error = errorOf(() => writingTarget('/out/a.txt', failing));
    expect(error).toBeInstanceOf(StaticFilesError);
    expect(error).toMatchObject({
      code: 'target',
      message: "Cannot write '/out/a.txt': no space left on the device.",
      cause: { code: 'ENOSPC' },
    });
  });

  it('passes an error for users on as it is', () => {
    const error = new StaticFilesError('locked', 'Another run is publishing.');
    const failing = () => {
      throw error;
    };
    expect(errorOf(() => writingTarget('/out/a.txt', failing))).toBe(error);
  });
});

describe('explainCopyError', () => {
  const cause = systemError('EIO');

  it.each([
    ['source', 'source', "Cannot read '/src/a.txt': an input/output error of the device."],
    ['target', 'target', "Cannot write '/out/a.txt': an input/output error of the device."],
    ['changed', 'source', expect.stringMatching(/^'\/src\/a\.txt' changed while it was being collected\./)],
  ] as const)('names the file on the side that failed: %s', (side, code, message) => {
    const error = explainCopyError(new CopyError(side, cause), '/src/a.txt', '/out/a.txt');
    expect(error).toMatchObject({ code, message, cause: { code: 'EIO' } });
  });
});
