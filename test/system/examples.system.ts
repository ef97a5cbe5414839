import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { complaintsOf, launchChromium } from './chromium.js';
import { must } from './install.js';

const EXAMPLES = path.resolve(import.meta.dirname, '../../examples');
let browser: Browser;
const servers: ChildProcess[] = [];

beforeAll(async () => {
  browser = await launchChromium();
});

afterAll(async () => {
  await browser?.close();
  for (const { pid } of servers) if (pid !== undefined) process.kill(-pid); // npm and its child
});

/** Runs `npm run <script>`, as a user would, and gives the URL that it prints. */
async function start(example: string, script: string): Promise<string> {
  const server = spawn('npm', ['run', '--silent', script], {
    cwd: path.join(EXAMPLES, example),
    env: { ...process.env, PORT: '0' },
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
  });
  servers.push(server);
  const [line] = await once(server.stdout, 'data');
  return /http:\S+/.exec(String(line))![0];
}

/** Uses the page as a person would, and gives what it asked for and complained of. */
async function visit(url: string) {
  const page = await browser.newPage();
  const complaints = complaintsOf(page);
  const asked = new Map<string, number>();
  page.on('response', (response) => asked.set(new URL(response.url()).pathname, response.status()));
  await page.goto(url, { waitUntil: 'networkidle' });
  expect(await page.textContent('h1')).toBe('Notes of a reader');
  await page.fill('input', 'Write a note');
  await page.click('button');
  await page.click('li:has-text("Write a note")');
  expect(await page.title()).toBe('1 of 2 done');
  expect(await page.evaluate('getComputedStyle(document.body).maxWidth')).toBe('640px');
  await page.close();
  return { complaints, asked };
}

describe.each(['express', 'fastify', 'hono'])('examples/%s', (example) => {
  const dir = path.join(EXAMPLES, example);

  beforeAll(() => {
    must('npm', ['install', '--no-audit', '--no-fund', '--no-package-lock', '--prefix', dir]);
  });

  test('in development: the sources, under their plain names', async () => {
    fs.rmSync(path.join(dir, 'staticfiles'), { recursive: true, force: true });
    const { complaints, asked } = await visit(await start(example, 'start'));
    expect(complaints).toEqual([]);
    expect([...new Set(asked.values())]).toEqual([200]);
    expect([...asked.keys()]).toEqual(
      expect.arrayContaining(['/static/css/app.css', '/static/img/paper.svg', '/static/js/greeting.js']),
    );
  });

  test('in production: what was collected, under fingerprinted names', async () => {
    must('npm', ['run', '--silent', '--prefix', dir, 'collectstatic']);
    const url = await start(example, 'production');
    const { complaints, asked } = await visit(url);
    expect(complaints).toEqual([]);
    expect([...new Set(asked.values())]).toEqual([200]);
    const files = [...asked.keys()].filter((name) => name.startsWith('/static/'));
    expect(files).toHaveLength(6);
    for (const name of files) expect(name).toMatch(/\.[0-9a-f]{12}\.\w+$/);
    const robots = await fetch(new URL('/robots.txt', url));
    expect([robots.status, await robots.text()]).toEqual([200, expect.stringContaining('User-agent')]);
    const gone = await fetch(new URL('/static/js/app.0123456789ab.js', url));
    expect([gone.status, gone.headers.get('cache-control')]).toEqual([404, 'no-store']);
  });
});
