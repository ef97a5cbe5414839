import path from 'node:path';
import { expect, it } from 'vitest';
import { realPath } from '../../../src/settings/checks/real-path.js';
import { newFolder } from '../folder.js';

it('resolves the links of what exists and keeps the rest', () => {
  const dir = newFolder({ 'real/a.txt': '', link: { link: 'real' }, dangling: { link: 'nowhere' } });
  expect(realPath(path.join(dir, 'link/a.txt'))).toBe(path.join(dir, 'real/a.txt'));
  expect(realPath(path.join(dir, 'link/new/deep'))).toBe(path.join(dir, 'real/new/deep'));
  expect(realPath(path.join(dir, 'dangling'))).toBe(path.join(dir, 'dangling'));
});
