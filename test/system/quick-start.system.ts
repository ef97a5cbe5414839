import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readQuickStart, startApp } from '../support/quick-start.js';
import { launchChromium } from './chromium.js';
import { must } from './install.js';

const TOP = path.resolve(import.meta.dirname, '../..');
const steps = readQuickStart();
const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'staticfiles-quick-start-'));
let browser: Browser;

beforeAll(async () => {
  browser = await launchChromium();
});

afterAll(async () => {
  await browser?.close();
  fs.rmSync(dir, { recursive: true, force: true });
});

function shell(command: string): void {
  must('sh', ['-ec', `cd '${dir}'\n${command}`]);
}

test('the quick start of README.md, typed into an empty folder, ends with a styled page', async () => {
  const packed = must('npm', ['pack', '--silent', '--pack-destination', os.tmpdir(), TOP])
    .trim()
    .split('\n')
    .at(-1)!;
  const tarball = path.join(os.tmpdir(), packed);
  const packages = steps.packages.map((name) => (name === 'staticfiles' ? tarball : name));
  shell(`npm install --silent --no-audit --no-fund ${packages.join(' ')}`);
  fs.rmSync(tarball);
  shell(steps.files);
  fs.writeFileSync(path.join(dir, 'app.mjs'), steps.app);
  shell(steps.collect);
  const app = await startApp(dir, steps.start);
  try {
    const page = await browser.newPage();
    const statuses = new Map<string, number>();
    page.on('response', (response) => statuses.set(new URL(response.url()).pathname, response.status()));
    await page.goto(app.url, { waitUntil: 'networkidle' });
    expect(await page.evaluate('getComputedStyle(document.body).backgroundColor')).toBe('rgb(255, 215, 0)');
    const files = [...statuses].filter(([name]) => name.startsWith('/static/'));
    expect(files).toEqual([
      [expect.stringMatching(/^\/static\/css\/app\.[0-9a-f]{12}\.css$/), 200],
      [expect.stringMatching(/^\/static\/img\/dots\.[0-9a-f]{12}\.svg$/), 200],
    ]);
  } finally {
    app.stop();
  }
});
