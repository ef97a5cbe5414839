import { expect, it } from 'vitest';
import { isDestination, nestedDestinations } from '../../../src/storages/filesystem/nested-destinations.js';
import { newProject } from '../../support/project.js';

it.each([
  ['.staticfiles-run.json', true],
  ['.staticfiles-index.json', true],
  ['.staticfiles-head.json', true],
  ['staticfiles.json', false],
])('the name %s marks a destination: %j', (name, isOne) => {
  expect(isDestination(['a.txt', name])).toBe(isOne);
});

it('destinations are found at any depth, but not below another, nor through a link', () => {
  const project = newProject({
    'root/.staticfiles-run.json': '{}',
    'root/a/b/.staticfiles-run.json': '{}',
    'root/a/b/c/.staticfiles-run.json': '{}',
    'root/a/x.txt': 'x',
    'root/d/.staticfiles-head.json': '{}',
    'root/link': { link: '../elsewhere' },
    'elsewhere/.staticfiles-run.json': '{}',
  });
  expect([...nestedDestinations(project.path('root'))].sort()).toEqual(['a/b', 'd']);
});

it('a missing folder has no destinations in it', () => {
  expect(nestedDestinations(newProject({}).path('root'))).toEqual([]);
});
