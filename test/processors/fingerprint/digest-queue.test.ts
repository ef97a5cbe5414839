import { createHash } from 'node:crypto';
import { Worker } from 'node:worker_threads';
import { expect, it, onTestFinished, vi } from 'vitest';
import { type DigestJob, digestAll } from '../../../src/processors/fingerprint/digest-queue.js';
import { loadScanners } from '../../../src/references/scanners.js';
import { newProject } from '../../support/project.js';

const COUNT = 2000;

const names = Array.from({ length: COUNT }, (_, index) => `${index}.css`);

const project = newProject(Object.fromEntries(names.map((name) => [name, `a{b:url(${name})}`])));

const signal = new AbortController().signal;

const scanners = await loadScanners(['css', 'svg']);

const jobs = names.map((name): DigestJob => ({ file: project.path(name), scanner: 'css' }));

/** Yields after each file, so that a second thread may start at any time. */
function yieldOften(): void {
  let now = 0;
  const clock = vi.spyOn(performance, 'now').mockImplementation(() => (now += 100));
  onTestFinished(() => clock.mockRestore());
}

it.each([
  ['one thread', 0],
  ['one thread, since little is left to scan', 20],
  ['two threads, since there is much to scan', 230],
])('each file gets its own digest, by %s', async (_, largeCount) => {
  yieldOften();
  project.write({ 'large.svg': `<svg/>${' '.repeat(600_000)}` });
  const large = Array.from(
    { length: largeCount },
    (): DigestJob => ({
      file: project.path('large.svg'),
      scanner: 'svg',
    }),
  );
  const posted = vi.spyOn(Worker.prototype, 'once');
  onTestFinished(() => posted.mockRestore());
  const digests = await digestAll([...large, ...jobs], 'md5', scanners, signal);
  expect(posted.mock.calls.length > 0).toBe(largeCount > 20);
  expect(digests).toHaveLength(largeCount + COUNT);
  expect(new Set(digests.slice(0, largeCount).map(({ content }) => content.size)).size).toBe(
    Math.min(largeCount, 1),
  );
  for (const [index, { content, scan, stamp }] of digests.slice(largeCount).entries()) {
    const text = `a{b:url(${index}.css)}`;
    const hash = createHash('md5').update(text).digest('hex');
    expect([content.hash, content.size, stamp.size]).toEqual([hash, text.length, text.length]);
    expect(scan?.references.map(({ url }) => url)).toEqual([`${index}.css`]);
  }
});

it.each([0, COUNT - 1])('the error names missing file %d', async (index) => {
  const file = project.path('gone.css');
  const broken = jobs.with(index, { file, scanner: 'css' });
  await expect(digestAll(broken, 'md5', scanners, signal)).rejects.toMatchObject({
    code: 'source',
    message: expect.stringContaining(`Cannot read '${file}'`),
  });
});

it('an aborted signal stops it', async () => {
  const aborted = AbortSignal.abort(new Error('stop'));
  const many = Array.from({ length: 20 }, () => jobs).flat();
  await expect(digestAll(many, 'md5', scanners, aborted)).rejects.toThrow('stop');
});
