import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { npmPackages } from '../servers/start/install.js';
import { launchChromium } from '../system/chromium.js';
import { Outcomes } from './outcomes.js';
import { PACKAGES } from './packages.js';
import { MODES, type Mode, type PackageSettings } from './page.js';
import { plainSite, publishedSite, type Site } from './site.js';
import { differences, type Visit, visit } from './visit.js';

const outcomes = new Outcomes();
let browser: Browser;

beforeAll(async () => {
  browser = await launchChromium();
});

afterAll(async () => {
  await browser?.close();
  process.stdout.write(outcomes.table());
});

describe.each(Object.entries(PACKAGES))('%s', (name, page) => {
  const { needs, probe } = page;
  let modules: string;
  let plain: Visit;

  beforeAll(async () => {
    modules = npmPackages(page.versions);
    plain = await visited(plainSite(page, modules));
  });

  async function visited(starting: Promise<Site>, expected?: Visit): Promise<Visit> {
    const site = await starting;
    try {
      return await visit(browser, site.url, probe, expected);
    } finally {
      site.close();
    }
  }

  /** What differs from plain files. */
  async function published(mode: Mode, settings: PackageSettings = {}): Promise<string[]> {
    const seen = await visited(publishedSite(page, modules, mode, settings), plain);
    expect(seen.requests.filter((path) => /\.[0-9a-f]{12}\./.test(path))).not.toEqual([]);
    return differences(seen, plain);
  }

  test('works from plain files', () => {
    const problems = plain.value ? [] : ['the probe has no value'];
    outcomes.add(name, 'plain files', [...problems, ...plain.complaints]);
    expect(problems).toEqual([]);
  });

  test.runIf(needs).each(MODES)('without its settings: %s', async (mode) => {
    const found = await published(mode);
    outcomes.add(name, mode, found);
    expect(found.length > 0).toBe(needs!.brokenWithout.includes(mode));
  });

  test.each(MODES)('works published: %s', async (mode) => {
    const found = await published(mode, needs);
    outcomes.add(name, needs ? `${mode}, with settings` : mode, found);
    expect(found).toEqual([]);
  });
});
