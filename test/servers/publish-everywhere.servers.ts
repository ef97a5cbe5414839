import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { collect } from '../support/command.js';
import type { Project } from '../support/project.js';
import { complaintsOf, launchChromium } from '../system/chromium.js';
import { serve } from '../system/serve.js';
import { siteProject, siteSettings } from '../system/site.js';
import { QUIET } from './faults/shop.js';
import { allServices } from './services/all-services.js';
import type { Service } from './services/service.js';

const PLACE = `everywhere-${process.pid}`;
/** The files that a storage keeps for itself. */
const OWN = /^\.staticfiles-/;

const services = allServices(inject('servers'));
const project = siteProject();
let browser: Browser;

beforeAll(async () => {
  browser = await launchChromium();
});

afterAll(() => browser?.close());

/** Publishes to a service, with another entry in the settings. */
async function publishTo({ entry, env }: Service, published: Project): Promise<void> {
  published.settings(siteSettings({ storages: { staticfiles: entry(PLACE) } }));
  expect(await collect(published, [], { env: { ...QUIET, ...env } })).toMatchObject({ exit: 0, stderr: '' });
}

/** Returns the files at a service, by public path. */
async function contents({ visit, paths }: Service): Promise<ReadonlyMap<string, Buffer>> {
  const found = new Map<string, Buffer>();
  for (const publicPath of await paths(PLACE)) {
    if (!OWN.test(publicPath)) found.set(publicPath, (await visit(PLACE, publicPath))!.bytes);
  }
  return found;
}

/** Opens a page, and returns its title and what went wrong. */
async function open(url: string) {
  const page = await browser.newPage();
  const complaints = complaintsOf(page);
  const refused: string[] = [];
  let requests = 0;
  page.on('response', (response) => {
    requests += 1;
    if (response.status() !== 200) refused.push(`${response.url()}: ${response.status()}`);
  });
  await page.goto(url, { waitUntil: 'networkidle' });
  await page.waitForFunction('document.title !== "loading"');
  const title = await page.title();
  const pictures = await page.evaluate('[...document.images].every((image) => image.naturalWidth > 0)');
  await page.close();
  return { title, pictures, complaints: [...complaints, ...refused], requests };
}

describe('one project is published everywhere', () => {
  const names = services.map((service) => ({ ...service }));

  test.each(names)('to $name', (service) => publishTo(service, project));

  test.each(names.slice(1))('with the same names and bytes: $name', async (service) => {
    const [expected, found] = [await contents(services[0]!), await contents(service)];
    expect([...found.keys()]).toEqual([...expected.keys()]);
    const others = [...found].filter(([publicPath, bytes]) => !bytes.equals(expected.get(publicPath)!));
    expect(others.map(([publicPath]) => publicPath)).toEqual([]);
    expect(found.size).toBeGreaterThan(30);
  });

  test.each(names)('and a browser finds everything that a page requests: $name', async ({ url, folders }) => {
    const servers = await Promise.all((folders?.(PLACE) ?? []).map((folder) => serve(folder)));
    const tops = url ? [url(PLACE)] : servers.map((server) => `${server.url}/static/`);
    for (const top of tops) {
      const { title, pictures, complaints, requests } = await open(`${top}index.html`);
      expect({ title, pictures, complaints }).toEqual({
        title: 'HELLO! true lazy 40 named',
        pictures: true,
        complaints: [],
      });
      expect(requests).toBeGreaterThan(15);
    }
    for (const server of servers) server.close();
  });
});
