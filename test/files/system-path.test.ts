import { expect, test } from 'vitest';
import { realPath } from '../../src/files/system-path.js';
import { newProject } from '../support/project.js';

test('a real path has no links in the part that exists, and the rest is unchanged', () => {
  const project = newProject({ 'real/a.txt': '', link: { link: 'real' }, dangling: { link: 'nowhere' } });
  expect(realPath(project.path('link/a.txt'))).toBe(project.path('real/a.txt'));
  expect(realPath(project.path('link/new/deep'))).toBe(project.path('real/new/deep'));
  expect(realPath(project.path('dangling'))).toBe(project.path('dangling'));
});
