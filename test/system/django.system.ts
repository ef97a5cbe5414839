import { createHash } from 'node:crypto';
import fs from 'node:fs';
import { expect, test } from 'vitest';
import { collect } from '../support/command.js';
import { must, pythonWithDjango } from './install.js';
import { siteProject } from './site.js';

interface Seen {
  readonly names: Record<string, { readonly url: string; readonly path: string; readonly sha256: string }>;
  readonly hash: string;
}

const ODD_NAMES = {
  'static/10': 'ten',
  'static/é 😀.txt': 'unicode',
  'static/a b.css': 'a{}',
  'static/robots.txt': 'User-agent: *',
};

test('Django finds every name of the manifest, and serves its bytes', async () => {
  const project = siteProject();
  project.write(ODD_NAMES);
  const { exit, stderr } = await collect(project);
  expect([exit, stderr]).toEqual([0, '']);

  const script = new URL('./read_manifest.py', import.meta.url).pathname;
  const seen = JSON.parse(must(pythonWithDjango(), [script, project.path('root'), '/static/'])) as Seen;

  const manifest = JSON.parse(fs.readFileSync(project.path('root/staticfiles.json'), 'utf8'));
  expect(seen.hash).toBe(manifest.hash);
  const paths = Object.entries(seen.names).map(([name, { path }]) => [name, path]);
  expect(Object.fromEntries(paths)).toEqual(manifest.paths);
  expect(Object.keys(seen.names)).toEqual(expect.arrayContaining(['10', 'é 😀.txt', 'css/app.css']));
  for (const { path, sha256 } of Object.values(seen.names)) {
    const published = fs.readFileSync(project.path('root', path));
    expect([path, sha256]).toEqual([path, createHash('sha256').update(published).digest('hex')]);
  }
});
