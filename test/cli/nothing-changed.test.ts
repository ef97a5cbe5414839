import fs from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { main } from '../../src/cli/main.js';
import { newProject, type Project, SETTINGS } from '../support/project.js';
import { fakeTerminal } from './fake-terminal.js';

let project: Project;

/** A project for which nothing has changed since the last run. */
beforeAll(async () => {
  const settings = {
    ...SETTINGS,
    cacheDir: 'cache',
    postProcess: [['fingerprint', { missing: 'warn' }], 'compress'],
  };
  project = newProject(
    {
      'static/app.css': "a { background: url('a.svg') } b { background: url('gone.png') }\n",
      'static/a.svg': '<svg xmlns="http://www.w3.org/2000/svg"/>\n',
      'static/main.js': "export const load = (name) => import('./parts/' + name + '.js');\n",
      'static/parts/one.js': 'export {};\n',
      'more/x.css': '',
    },
    settings,
  );
  await pause(40);
  await run();
});

async function run(...argv: string[]) {
  const terminal = fakeTerminal({ cwd: project.dir });
  const exit = await main('collectstatic', ['--noinput', ...argv], terminal);
  const shown = (text: string) => text.replace(/ in [\d.]+ s/, '');
  return { exit, stdout: shown(terminal.stdout.text), stderr: shown(terminal.stderr.text) };
}

describe('a run for which nothing has changed', () => {
  it.each([[], ['-q'], ['--summary', 'django']])('prints what a whole run prints (%s)', async (...argv) => {
    const { stdout, stderr, exit } = await run(...argv);
    const whole = await run(...argv, '--checksum');
    expect({ stdout, stderr, exit }).toEqual(whole);
    if (argv.length === 0) {
      expect(stdout).toContain('4 static files: 4 unmodified');
      expect(stdout).toContain(
        "1 file keeps its name, since computed URLs can name it: 'parts/*.js' in 'main.js'.",
      );
      expect(stderr).toContain("'gone.png' not found.");
    }
  });

  it('lists each file with -v 2 and -v 3', async () => {
    expect((await run('-v', '2')).stdout).toContain("Skipping 'app.css' (not modified)");
    expect((await run('-v', '3')).stdout).toContain('References:');
  });

  it('has all files in the document of --json', async () => {
    const { files, references, published } = JSON.parse((await run('--json')).stdout);
    expect(files).toContainEqual({
      ...{ action: 'keep', path: 'app.css', reason: 'unchanged' },
      source: project.path('static/app.css'),
    });
    expect(references).toMatchObject({ 'css-url': { missing: 1, rewritten: 1 } });
    expect(published.files).toBeGreaterThan(4);
  });

  it('writes the file of --references', async () => {
    await run('--references', 'references.json');
    expect(fs.readFileSync(project.path('references.json'), 'utf8')).toContain('gone.png');
  });

  it('writes the file of --plan-out', async () => {
    await run('--plan-out', 'plan.json');
    expect(JSON.parse(fs.readFileSync(project.path('plan.json'), 'utf8')).files.length).toBeGreaterThan(4);
  });
});
