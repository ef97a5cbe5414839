import fs from 'node:fs';
import { expect, it, vi } from 'vitest';
import { copyFile } from '../../../src/storages/filesystem/copy-file.js';
import { newProject } from '../../support/project.js';

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
