import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { collect } from '../support/command.js';
import { debianProgram } from './install.js';
import { serve } from './serve.js';
import { siteProject } from './site.js';

interface Details {
  readonly files: Record<
    string,
    { readonly integrity: string; readonly encodings?: Record<string, { readonly path: string }> }
  >;
}

const project = siteProject();
let server: Awaited<ReturnType<typeof serve>>;

beforeAll(async () => {
  const { exit, stderr } = await collect(project);
  expect([exit, stderr]).toEqual([0, '']);
  server = await serve(project.path('root'));
});

afterAll(() => server?.close());

const details = () =>
  JSON.parse(fs.readFileSync(project.path('root/staticfiles.details.json'), 'utf8')) as Details;

const urlOf = (name: string) => `${server.url}/static/${encodeURI(name)}`;

test('each integrity value is that of the bytes that are served', async () => {
  const { files } = details();
  expect(Object.keys(files).length).toBeGreaterThan(30);
  for (const [name, { integrity }] of Object.entries(files)) {
    const bytes = Buffer.from(await (await fetch(urlOf(name))).arrayBuffer());
    expect([name, integrity]).toEqual([
      name,
      `sha384-${createHash('sha384').update(bytes).digest('base64')}`,
    ]);
  }
});

test.each(['gzip', 'br'])('curl gets each file out of its %s variant', async (coding) => {
  const curl = debianProgram('curl');
  const encoded = Object.entries(details().files).filter(([, { encodings }]) => encodings?.[coding]);
  expect(encoded.length).toBeGreaterThan(3);
  for (const [name] of encoded) {
    const argv = [
      '--silent',
      '--fail',
      '--compressed',
      '--header',
      `accept-encoding: ${coding}`,
      '--dump-header',
    ];
    const headers = project.path('headers.txt');
    // Not synchronously: the server is in this process.
    const { stdout } = await promisify(execFile)(curl, [...argv, headers, urlOf(name)], { timeout: 10_000 });
    expect(fs.readFileSync(headers, 'utf8').toLowerCase()).toContain(`content-encoding: ${coding}`);
    expect([name, stdout]).toEqual([name, fs.readFileSync(project.path('root', name), 'utf8')]);
  }
});
