import fs from 'node:fs';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { collect } from '../support/command.js';
import { newProject, type Project, SETTINGS } from '../support/project.js';
import { complaintsOf, launchChromium } from './chromium.js';
import { serve } from './serve.js';

let browser: Browser;

beforeAll(async () => {
  browser = await launchChromium();
});

afterAll(() => browser?.close());

const TREE = {
  'static/app.js': `
    import { store } from './store.js';
    store.count = 1;
    const { seen } = await import('./plugins/' + 'clo' + document.title + '.js');
    const image = await fetch(new URL(\`./img/\${document.title}.svg\`, import.meta.url));
    document.title = \`\${seen} \${image.status}\`;`,
  'static/plugins/clock.js': "import { store } from '../store.js'; export const seen = store.count;",
  'static/store.js':
    "export const store = {}; customElements.define('a-store', class extends HTMLElement {});",
  'static/img/ck.svg': '<svg xmlns="http://www.w3.org/2000/svg"/>',
};

/** The title and the complaints of a page with the script. */
async function open(project: Project) {
  const { paths, importmap } = JSON.parse(fs.readFileSync(project.path('root/staticfiles.json'), 'utf8'));
  const server = await serve(project.path('root'), {
    '/': `<!doctype html><title>ck</title><link rel="icon" href="data:,">
      <script type="importmap">${JSON.stringify(importmap ?? {})}</script>
      <script type="module" src="/static/${paths['app.js']}"></script>`,
  });
  const page = await browser.newPage();
  const complaints = complaintsOf(page);
  await page.goto(server.url, { waitUntil: 'networkidle' });
  const title = await page.title();
  server.close();
  return { title, complaints };
}

test.each([
  {},
  { originals: false },
  { originals: false, importmap: { entries: { '/static/plugins/': 'plugins/' } } },
])(
  'what a computed URL loads has one instance of each module, with %j',
  async ({ importmap, ...options }) => {
    const project = newProject(TREE, { ...SETTINGS, postProcess: [['fingerprint', options]], importmap });
    expect(await collect(project)).toMatchObject({ exit: 0, stderr: '' });
    expect(await open(project)).toEqual({ title: '1 200', complaints: [] });
  },
);
