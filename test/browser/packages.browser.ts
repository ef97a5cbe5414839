import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { npmPackages } from '../servers/start/install.js';
import { launchChromium } from '../system/chromium.js';
import { Outcomes } from './outcomes.js';
import { PACKAGES } from './packages.js';
import { MODES, type Mode, type PackageSettings, withoutOneGlob } from './page.js';
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
    return differences(seen, plain);
  }

  test('works from plain files', () => {
    const problems = plain.value ? plain.complaints : ['the probe has no value', ...plain.complaints];
    outcomes.add(name, 'plain files', problems);
    expect(plain.value).toBeTruthy();
  });

  test.each(MODES)('works published: %s', async (mode) => {
    const found = await published(mode, needs?.[mode]);
    outcomes.add(name, mode, found);
    expect(found).toEqual([]);
  });

  const needed = MODES.filter((mode) => needs?.[mode]);
  test.runIf(needed.length > 0).each(needed)('needs each of its settings: %s', async (mode) => {
    const found = await published(mode);
    outcomes.add(name, `${mode}, without settings`, found);
    expect(found).not.toEqual([]);
    const fewer = withoutOneGlob(needs![mode]!);
    if (fewer.length === 1) return;
    for (const settings of fewer)
      expect([settings, await published(mode, settings)]).not.toEqual([settings, []]);
  });
});
