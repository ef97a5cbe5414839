import { expect, test } from 'vitest';
import { collect } from '../support/command.js';
import { projectWith } from '../support/examples.js';

test('the smallest processor of docs/plugins.md adds its file', async () => {
  const project = projectWith('docs/plugins.md', 'build-info.js', {
    postProcess: [['./build-info.js', { team: 'web' }]],
  });
  expect(await collect(project)).toMatchObject({ exit: 0, stderr: '' });
  expect(project.texts()).toEqual({ 'a.txt': 'a', 'build.txt': 'by web\n' });
});

test('the finder of docs/plugins.md finds its file', async () => {
  const project = projectWith('docs/plugins.md', 'git-info.js', {
    staticfilesFinders: ['file-system', './git-info.js'],
  });
  project.write({ '.git/HEAD': 'ref: refs/heads/main\n' });
  expect(await collect(project)).toMatchObject({ exit: 0, stderr: '' });
  expect(project.texts()).toEqual({ 'a.txt': 'a', 'git-head.txt': 'ref: refs/heads/main\n' });
});

test('the processor of docs/plugins.md joins licences', async () => {
  const project = projectWith('docs/plugins.md', 'licences.js', {
    postProcess: [['./licences.js', { name: 'LICENCES.txt' }]],
  });
  project.write({ 'static/x/LICENSE': 'MIT' });
  expect(await collect(project)).toMatchObject({ exit: 0, stderr: '' });
  expect(project.texts()).toMatchObject({ 'LICENCES.txt': 'MIT' });
});

test('the scanner of docs/plugins.md finds references', async () => {
  const scanners = [{ files: '**/*.tpl', scan: './scan-tpl.js' }];
  const project = projectWith('docs/plugins.md', 'scan-tpl.js', {
    postProcess: [['fingerprint', { originals: false, references: { scanners } }]],
  });
  project.write({ 'static/tpl/é.tpl': 'é {{ asset "../a.txt" }}' });
  expect(await collect(project)).toMatchObject({ exit: 0, stderr: '' });
  const page = Object.entries(project.texts()).find(([name]) => name.startsWith('tpl/'));
  expect(page?.[1]).toBe('é {{ asset "../a.0cc175b9c0f1.txt" }}');
});
