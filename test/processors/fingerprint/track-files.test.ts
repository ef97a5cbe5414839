import { createHash } from 'node:crypto';
import { expect, it, onTestFinished, vi } from 'vitest';
import { type Output, originalOutput } from '../../../src/model/output.js';
import { openMemory } from '../../../src/processors/fingerprint/memory.js';
import { fingerprintRules } from '../../../src/processors/fingerprint/options.js';
import { trackFiles } from '../../../src/processors/fingerprint/track-files.js';
import { newProject } from '../../support/project.js';

const COUNT = 2000;
const names = Array.from({ length: COUNT }, (_, index) => `${index}.css`);
const project = newProject(Object.fromEntries(names.map((name) => [name, `a{b:url(${name})}`])));
const outputs = names.map((name) => outputOf(name));
const rules = fingerprintRules({});
const { signal } = new AbortController();

function outputOf(name: string): Output {
  return originalOutput({
    logicalPath: name,
    sourcePath: project.path(name),
    root: { dir: project.dir },
  } as never);
}

function track(tracked: readonly Output[], stop: AbortSignal) {
  const cache = { load: () => undefined, save() {} };
  return trackFiles(tracked, rules, openMemory(cache, 'md5', Date.now()), stop);
}

it('each file gets its own digest and references', async () => {
  const files = await track(outputs, signal);
  expect(files).toHaveLength(COUNT);
  for (const [index, { digest }] of files.entries()) {
    const text = `a{b:url(${index}.css)}`;
    const hash = createHash('md5').update(text).digest('hex');
    expect([digest.content.hash, digest.content.size]).toEqual([hash, text.length]);
    expect(digest.scan?.references.map(({ url }) => url)).toEqual([`${index}.css`]);
  }
});

it.each([0, COUNT - 1])('the error names missing file %d', async (index) => {
  const missing = outputs.with(index, outputOf('gone.css'));
  await expect(track(missing, signal)).rejects.toMatchObject({
    code: 'source',
    message: expect.stringContaining(`Cannot read '${project.path('gone.css')}'`),
  });
});

it('an abort stops it between two files', async () => {
  let now = 0;
  const clock = vi.spyOn(performance, 'now').mockImplementation(() => (now += 1000));
  onTestFinished(() => clock.mockRestore());
  const interrupt = new AbortController();
  const tracking = track(outputs, interrupt.signal);
  setTimeout(() => interrupt.abort(new Error('stop')), 1);
  await expect(tracking).rejects.toThrow('stop');
});
