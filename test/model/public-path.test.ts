import { expect, test } from 'vitest';
import { realPath } from '../../src/files/system-path.js';
import { compareCodePoints } from '../../src/text/code-points.js';
import { newProject } from '../support/project.js';

test('names are ordered by code points, as their UTF-8 bytes are', () => {
  const names = ['b', 'a/b', 'a', '\uff5e', '\u{1F600}', 'a-', '\u{1F601}', 'Z', '', '\ud7ff'];
  const byBytes = names.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  expect(names.toSorted(compareCodePoints)).toEqual(byBytes);
});

test('a real path has the links of what exists resolved, and the rest as it is', () => {
  const project = newProject({ 'real/a.txt': '', link: { link: 'real' }, dangling: { link: 'nowhere' } });
  expect(realPath(project.path('link/a.txt'))).toBe(project.path('real/a.txt'));
  expect(realPath(project.path('link/new/deep'))).toBe(project.path('real/new/deep'));
  expect(realPath(project.path('dangling'))).toBe(project.path('dangling'));
});
