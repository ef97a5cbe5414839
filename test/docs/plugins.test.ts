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

test('the built-in scanner that docs/plugins.md exports finds references in pages of a template engine', async () => {
  const scanners = [{ files: '**/*.page', scan: './scan-page.js' }];
  const project = projectWith('docs/plugins.md', 'scan-page.js', {
    postProcess: [['fingerprint', { originals: false, references: { scanners } }]],
  });
  project.write({ 'static/x.page': '<img src="a.txt">' });
  expect(await collect(project)).toMatchObject({ exit: 0, stderr: '' });
  const page = Object.entries(project.texts()).find(([name]) => name.endsWith('.page'));
  expect(page?.[1]).toBe('<img src="a.0cc175b9c0f1.txt">');
});

test('the scanner of docs/plugins.md changes what a built-in one finds', async () => {
  const scanners = [{ files: '**/*.css', scan: './scan-own.js' }];
  const project = projectWith('docs/plugins.md', 'scan-own.js', {
    postProcess: [['fingerprint', { originals: false, references: { scanners } }]],
  });
  project.write({ 'static/x.css': 'a{b:url(a.txt) url(vendor/gone.png)}' });
  expect(await collect(project)).toMatchObject({ exit: 0, stderr: '' });
  const css = Object.entries(project.texts()).find(([name]) => name.endsWith('.css'));
  expect(css?.[1]).toBe('a{b:url(a.0cc175b9c0f1.txt) url(vendor/gone.png)}');
});
