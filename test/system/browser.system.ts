import fs from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { collect } from '../support/command.js';
import { complaintsOf, launchChromium } from './chromium.js';
import { serve } from './serve.js';
import { siteProject } from './site.js';

const project = siteProject();
let browser: Browser;
let server: Awaited<ReturnType<typeof serve>>;

beforeAll(async () => {
  const { exit, stderr } = await collect(project);
  expect([exit, stderr]).toEqual([0, '']);
  browser = await launchChromium();
  server = await serve(project.path('root'), { '/app': appPage() });
});

afterAll(async () => {
  await browser?.close();
  server?.close();
});

function manifest() {
  return JSON.parse(fs.readFileSync(project.path('root/staticfiles.json'), 'utf8'));
}

/** A page that an application makes with the import map of the manifest. */
function appPage(): string {
  const { importmap, paths } = manifest();
  return `<!doctype html><title>loading</title><link rel="icon" href="/static/${paths['img/icon.png']}">
    <script type="importmap">${JSON.stringify(importmap)}</script>
    <script type="module">
      import { shout } from 'greeting';
      import { name } from 'app/named.js';
      document.title = shout(name);
    </script>`;
}

/** A page, and what it asked for and complained of. */
async function open(path: string) {
  const page = await browser.newPage();
  const complaints = complaintsOf(page);
  const asked = new Map<string, number>();
  page.on('response', (response) => asked.set(response.url().slice(server.url.length), response.status()));
  await page.goto(`${server.url}${path}`, { waitUntil: 'networkidle' });
  return { page, complaints, asked };
}

/** As Chromium reads it to offer an installation. */
async function webManifest(page: Page) {
  const session = await page.context().newCDPSession(page);
  return session.send('Page.getAppManifest');
}

test('a browser finds everything that the site refers to, under its fingerprinted name', async () => {
  const { page, complaints, asked } = await open('/static/index.html');
  await page.waitForFunction('document.title !== "loading"');
  expect(complaints).toEqual([]);
  expect(await page.title()).toBe('HELLO! true lazy 40 named');
  expect(await page.evaluate('document.documentElement.dataset.inline')).toBe('INLINE!');
  expect(await page.evaluate('[...document.images].every((image) => image.naturalWidth > 0)')).toBe(true);

  const { url, errors, data } = await webManifest(page);
  expect(errors).toEqual([]);
  const icon = new URL(JSON.parse(data ?? '').icons[0].src, url);
  asked.set(icon.pathname, (await page.request.get(icon.href)).status());

  const { paths } = manifest();
  const names = new Map(Object.entries(paths).map(([name, path]) => [`/static/${path}`, name]));
  expect([...asked].filter(([, status]) => status !== 200)).toEqual([]);
  const logical = [...asked.keys()].map(
    (path) => names.get(decodeURI(path)) ?? `not in the manifest: ${path}`,
  );
  // The other picture of each srcset and image-set, and the other page, are for other screens and visits.
  const unasked = ['img/photo@2x.png', 'pages/about.html'];
  expect(logical.sort()).toEqual(
    Object.keys(paths)
      .filter((name) => !unasked.includes(name))
      .sort(),
  );
});

test('a page in a folder of its own finds its files too', async () => {
  const { page, complaints, asked } = await open('/static/pages/about.html');
  expect(complaints).toEqual([]);
  expect([...asked.values()].every((status) => status === 200)).toBe(true);
  const hashed = [...asked.keys()].filter((path) => /\.[0-9a-f]{12}\.\w+$/.test(path));
  expect(hashed).toHaveLength(asked.size - 1);
  expect(await page.title()).toBe('about');
});

test('an application loads its modules by the import map of the manifest', async () => {
  const { page, complaints, asked } = await open('/app');
  await page.waitForFunction('document.title !== "loading"');
  expect([await page.title(), complaints]).toEqual(['NAMED!', []]);
  const modules = [...asked.keys()].filter((path) => path.endsWith('.js')).sort();
  const { imports } = manifest().importmap;
  expect(modules).toEqual([imports['app/named.js'], imports.greeting].sort());
});
