import { type ChildProcess, spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import { newSite, type Site } from '../support/site.js';
import { exchange, type Received } from './exchange.js';
import { request } from './requests.js';

/** `npm run fuzz` sends more; another seed sends other requests. */
const REQUESTS = Number(process.env.STATICFILES_FUZZ_REQUESTS ?? 2000);
const SEED = Number(process.env.STATICFILES_FUZZ_SEED ?? 5);

const AT_ONCE = 16;
const BATCH = 500;

/** Text in every file that must not be served. */
const SECRET = 'kept to ourselves';

const FILES = {
  'css/app.css': '.selector { color: red; background: white }\n'.repeat(80),
  'large.txt': 'large '.repeat(30_000),
  'docs/index.html': '<p>docs',
  'a b': 'space',
};
const TOP = { 'robots.txt': 'robots', 'docs/index.html': '<p>documents', '.well-known/a.txt': 'known' };

async function trappedSite(): Promise<Site> {
  const site = await newSite(FILES);
  site.write(Object.fromEntries(Object.entries(TOP).map(([name, text]) => [`top/${name}`, text])));
  site.write({
    'secret.txt': SECRET,
    'root-beside/secret.txt': SECRET,
    'root/.env': SECRET,
    'root/.git/config': SECRET,
    'root/unpublished.txt': SECRET,
    'root/link.txt': { link: '../secret.txt' },
    'root/linked': { link: '../root-beside' },
    'top/.env': SECRET,
    'top/link.txt': { link: '../secret.txt' },
  });
  return site;
}

/** Starts the built server in a process of its own. */
async function startServer(site: Site): Promise<{ readonly port: number; readonly child: ChildProcess }> {
  const script = path.join(import.meta.dirname, 'server.mjs');
  const child = spawn(process.execPath, [script, site.dir], { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => void child.kill());
  const port = await new Promise<number>((resolve, reject) => {
    child.stdout.once('data', (line) => resolve(Number(String(line))));
    child.once('exit', () => reject(new Error('The server did not start.')));
  });
  return { port, child };
}

/** Returns what is wrong with an answer; `undefined` if nothing is. */
function faultOf({ status, headers, body }: Received, served: ReadonlySet<string>): string | undefined {
  if (status === 0 || status >= 500) return `status ${status}`;
  if (body.includes(SECRET)) return 'it contains a secret';
  if (status !== 200 || headers.has('content-encoding') || body === '') return undefined;
  return served.has(body) ? undefined : 'it is not a published file';
}

function openFilesOf({ pid }: ChildProcess): number {
  return fs.readdirSync(`/proc/${pid}/fd`).length;
}

test(`${REQUESTS} requests with the seed ${SEED} cause no crash, no error and no foreign bytes`, {
  timeout: 60_000 + REQUESTS * 20,
}, async () => {
  const site = await trappedSite();
  const { port, child } = await startServer(site);
  const served = new Set([...Object.values(FILES), ...Object.values(TOP)]);
  const statuses = new Map<number, number>();
  const before = openFilesOf(child);

  const send = async (raw: string): Promise<void> => {
    const received = await exchange(port, raw);
    const fault = faultOf(received, served);
    expect(fault && { fault, request: raw, received }).toBeUndefined();
    statuses.set(received.status, (statuses.get(received.status) ?? 0) + 1);
  };
  for (let sent = 0; sent < REQUESTS; sent += BATCH) {
    const batch = fc.sample(request, { seed: SEED + sent, numRuns: Math.min(BATCH, REQUESTS - sent) });
    const left = batch.values();
    const work = async () => {
      for (const raw of left) await send(raw);
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
  }

  expect(child.exitCode).toBeNull();
  // The requests are not all rejected early: each kind of answer occurs.
  expect([...statuses.keys()]).toEqual(expect.arrayContaining([200, 206, 304, 400, 404, 405, 406, 412, 416]));
  // Connections may take a moment to close, and large.txt may stay open.
  await expect.poll(() => openFilesOf(child)).toBeLessThan(before + 8);
});
