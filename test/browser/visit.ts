import { setTimeout as wait } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import type { Browser, Page } from 'playwright-core';

/** What a page showed. Names of files are without fingerprints, so that visits can be compared. */
export interface Visit {
  /** The value of the probe; `undefined` if it stayed falsy. */
  readonly value: unknown;
  /** Failed requests, errors of the console, and scripts that were loaded under two names; sorted. */
  readonly complaints: readonly string[];
}

const PATIENCE_MS = 40_000;

/** How long a page that has complained may take to work after all. */
const GRACE_MS = 2000;

/**
 * Opens a page until its probe has a value and the network is quiet.
 *
 * @param expected the visit of the plain files, if the page is to be like it: it is not waited for once that is ruled out
 */
export async function visit(browser: Browser, url: string, probe: string, expected?: Visit): Promise<Visit> {
  const context = await browser.newContext();
  try {
    const page = await context.newPage();
    const complaints = new Set<string>();
    const requests = new Set<string>();
    const origin = new URL(url).origin;
    const complain = (text: string) => complaints.add(plainNames(text.replaceAll(origin, '')));
    listen(page, complain, (request) => requests.add(new URL(request).pathname));
    await page.goto(url, { waitUntil: 'load' });
    const isNew = () => [...complaints].some((each) => !expected?.complaints.includes(each));
    const value = await probed(page, probe, expected, isNew);
    await page.waitForLoadState('networkidle', { timeout: GRACE_MS }).catch(() => {});
    for (const name of scriptsWithTwoNames(requests)) complain(`loaded under two names: ${name}`);
    return { value, complaints: [...complaints].sort() };
  } finally {
    await context.close();
  }
}

/** What is not as from plain files, in words; empty if all is. */
export function differences(visited: Visit, plain: Visit): string[] {
  const complaints = visited.complaints.filter((each) => !plain.complaints.includes(each));
  if (visited.value && isDeepStrictEqual(visited.value, plain.value)) return complaints;
  return [`the probe is ${JSON.stringify(visited.value)}, not ${JSON.stringify(plain.value)}`, ...complaints];
}

async function probed(page: Page, probe: string, expected: Visit | undefined, isNew: () => boolean) {
  const late = Date.now() + PATIENCE_MS;
  let complained: number | undefined;
  let value: unknown;
  for (;;) {
    value = await Promise.race([page.evaluate(probe).catch(() => undefined), wait(GRACE_MS)]);
    if (value && (expected === undefined || isDeepStrictEqual(value, expected.value))) return value;
    if (isNew()) complained ??= Date.now();
    if (Date.now() > late || Date.now() > (complained ?? late) + GRACE_MS) return value || undefined;
    await wait(50);
  }
}

function listen(page: Page, complain: (text: string) => void, ask: (url: string) => void): void {
  page.on('request', (request) => ask(request.url()));
  page.on('requestfailed', (request) => complain(`${request.failure()?.errorText} ${request.url()}`));
  page.on('response', (response) => {
    if (response.status() >= 400) complain(`${response.status()} ${response.url()}`);
  });
  page.on('pageerror', (error) => complain(`uncaught ${error.message}`));
  page.on('console', (message) => {
    // The response itself is a complaint, with its URL.
    const isResponse = message.text().startsWith('Failed to load resource');
    if (message.type() === 'error' && !isResponse) complain(`console: ${message.text()}`);
  });
}

/** The plain names of scripts that were requested with a fingerprint and without, or with two. */
function scriptsWithTwoNames(paths: ReadonlySet<string>): string[] {
  const scripts = [...paths].filter((path) => /\.m?js$/.test(path)).map(plainNames);
  return scripts.filter((name, index) => scripts.indexOf(name) !== index);
}

function plainNames(text: string): string {
  return text.replace(/\.[0-9a-f]{12}(?=\.\w)/g, '').replace(/\bblob:\S+/g, 'blob:…');
}
