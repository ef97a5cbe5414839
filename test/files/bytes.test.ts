import { describe, expect, test } from 'vitest';
import { readRegularFile, readRegularFileSync } from '../../src/files/bytes.js';
import { newProject } from '../support/project.js';

const project = newProject({ 'a.txt': 'text', 'link.txt': { link: 'a.txt' }, fifo: { fifo: true } });

describe.each([
  ['readRegularFile', readRegularFile],
  ['readRegularFileSync', async (file: string) => readRegularFileSync(file)],
])('%s', (_, read) => {
  test('reads a file, also by a link', async () => {
    expect(String(await read(project.path('a.txt')))).toBe('text');
    expect(String(await read(project.path('link.txt')))).toBe('text');
  });

  test.each([
    ['fifo', { message: 'it is a FIFO, not a file' }],
    ['/dev/zero', { message: 'it is a device, not a file' }],
    ['.', { code: 'EISDIR' }],
    ['none', { code: 'ENOENT' }],
  ])('fails for %s', async (name, error) => {
    const file = name.startsWith('/') ? name : project.path(name);
    await expect(read(file)).rejects.toMatchObject(error);
  });
});
