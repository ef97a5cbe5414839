import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { projectWith } from '../support/examples.js';

test('the program of docs/library.md says what a run would do, and where a file comes from', () => {
  const project = projectWith('docs/library.md', 'build.js', {});
  project.write({ 'static/css/app.css': 'a{}' });
  const stdout = execFileSync(process.execPath, ['build.js'], { cwd: project.dir, encoding: 'utf8' });
  expect(stdout.split('\n')).toEqual(['2', project.path('static/css/app.css'), '']);
});
