import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { resolveSettings } from '../../src/settings/resolve.js';
import { collect, run } from '../support/command.js';
import { linkPackages } from '../support/documents.js';
import { newProject, type Project } from '../support/project.js';
import { readQuickStart, startApp } from '../support/quick-start.js';

const TOP = path.resolve(import.meta.dirname, '../..');
const README = fs.readFileSync(path.join(TOP, 'README.md'), 'utf8');
const steps = readQuickStart();

let project: Project;

function shell(command: string): string {
  const env = { PATH: process.env.PATH, HOME: project.home, npm_config_update_notifier: 'false' };
  return execFileSync('sh', ['-ec', command], { cwd: project.dir, env, encoding: 'utf8' });
}

/** Step 1 without the network: the packages are linked, this one with its commands. */
function install(): void {
  const [own, ...others] = steps.packages;
  expect(own).toBe('staticfiles');
  linkPackages(project, others);
  fs.mkdirSync(project.path('node_modules/.bin'));
  fs.symlinkSync(path.join(TOP, 'bin/collectstatic.js'), project.path('node_modules/.bin/collectstatic'));
}

async function textOf(url: URL | string): Promise<string> {
  const response = await fetch(url);
  expect(response.status).toBe(200);
  return response.text();
}

/** The page, and the style sheet that it links. */
async function visit(command: string): Promise<{ readonly href: string; readonly css: string }> {
  const { url, stop } = await startApp(project.dir, command);
  try {
    const page = await textOf(url);
    expect(page).toContain('<h1>It works</h1>');
    const href = /href="([^"]+)"/.exec(page)![1]!;
    return { href, css: await textOf(new URL(href, url)) };
  } finally {
    stop();
  }
}

beforeAll(() => {
  project = newProject({});
  fs.rmSync(project.path('staticfiles.config.json'));
  install();
  shell(steps.files);
  project.write({ 'app.mjs': steps.app });
});

test('without collecting, the page of the quick start links the sources', async () => {
  expect(README).toContain('`node app.mjs`');
  const { href, css } = await visit('node app.mjs');
  expect(href).toBe('/static/css/app.css');
  expect(css).toContain('url("../img/dots.svg")');
});

test('after collecting, the page of the quick start links the names that README.md shows', async () => {
  expect(shell(steps.collect)).toContain('2 static files: 2 copied');
  const { href, css } = await visit(steps.start);
  expect(README).toContain(`The page links \`${href.replace('/static/', '')}\``);
  const [image] = /\.\.\/img\/dots\.\w+\.svg/.exec(css)!;
  expect(README).toContain(`url("${image}")`);
});

test('every name with a hash in README.md is one that a run publishes', async () => {
  project.write({ 'apps/cart/static/js/cart.js': 'export const cart = [];\n' });
  const settings = JSON.parse(fs.readFileSync(project.path('staticfiles.config.json'), 'utf8'));
  project.settings({ ...settings, installedApps: ['apps/*'] });
  expect(await collect(project)).toMatchObject({ exit: 0, stderr: '' });
  const published = Object.keys(project.tree('staticfiles')).map((name) => path.posix.basename(name));
  const shown = README.match(/\w+\.[0-9a-f]{12}\.\w+/g)!;
  expect(new Set(shown).size).toBe(3);
  expect(published).toEqual(expect.arrayContaining(shown));
});

test('findstatic prints what README.md shows', async () => {
  const shop = newProject(
    {
      'apps/storefront/static/css/forms.css': 'a{}',
      'apps/theme/static/css/forms.css': 'b{}',
    },
    { installedApps: ['apps/storefront', 'apps/theme'] },
  );
  const [, shown] = /\$ npx findstatic -v 2 css\/forms\.css\n([\s\S]*?)^```$/m.exec(README)!;
  const { stdout } = await run(shop, 'findstatic', ['-v', '2', 'css/forms.css']);
  expect(stdout.replaceAll('{TMP}', '/srv/shop')).toContain(shown);
});

test.each(['README.md', 'docs/fingerprint.md'])('the settings that %s shows are valid', async (page) => {
  const text = fs.readFileSync(path.join(TOP, page), 'utf8');
  const shown = Array.from(text.matchAll(/^```json\n([\s\S]*?)^```$/gm), ([, json]) => JSON.parse(json!));
  expect(shown).toHaveLength(1);
  await resolveSettings(shown[0], { baseDir: project.dir });
});
