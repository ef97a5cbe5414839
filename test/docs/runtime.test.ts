import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import { collect } from '../support/command.js';
import { examplesIn, linkPackages } from '../support/documents.js';
import { newProject, type Project, SETTINGS } from '../support/project.js';

/** Asks the server once, and tells what came, early hints included. */
const ASK_SERVER = `
import { get } from 'node:http';
import { server } from './server.js';

server.listen(0, '127.0.0.1', () => {
  const request = get({ host: '127.0.0.1', port: server.address().port, agent: false });
  let early;
  request.on('information', ({ headers }) => { early = headers.link; });
  request.on('response', async (response) => {
    let text = '';
    for await (const chunk of response) text += chunk;
    console.log(JSON.stringify({ early, headers: response.headers, text }));
    server.close();
  });
});
`;

const ASK_WORKER = `
import worker from './worker.js';
console.log(JSON.stringify({ text: await (await worker.fetch()).text() }));
`;

let project: Project;

beforeAll(() => {
  project = newProject(
    {
      ...examplesIn('docs/runtime.md'),
      'ask-server.js': ASK_SERVER,
      'ask-worker.js': ASK_WORKER,
      'package.json': '{"type": "module"}',
      'static/css/app.css': 'a{}',
      'static/js/app.js': 'import "./cart.js"',
      'static/js/cart.js': 'export {}',
    },
    {
      ...SETTINGS,
      staticRoot: 'staticfiles',
      postProcess: ['fingerprint'],
      importmap: { entries: { app: 'js/app.js' } },
    },
  );
  linkPackages(project);
});

async function answer(script: string, nodeEnv: string) {
  const env = { PATH: process.env.PATH ?? '', NODE_ENV: nodeEnv };
  const { stdout } = await promisify(execFile)(process.execPath, [script], { cwd: project.dir, env });
  return JSON.parse(stdout) as { early: string; headers: Record<string, string>; text: string };
}

it('the server of docs/runtime.md works in development', async () => {
  const { early, text } = await answer('ask-server.js', 'development');
  expect(early).toBe('</static/css/app.css>;rel=preload;as=style,</static/js/app.js>;rel=preload;as=script');
  expect(text).toContain('<link rel="stylesheet" href="/static/css/app.css" integrity="">');
});

describe('after collectstatic', () => {
  beforeAll(async () => {
    expect(await collect(project)).toMatchObject({ exit: 0, stderr: '' });
  });

  it('the server of docs/runtime.md sends hints, and a page that its policy lets work', async () => {
    const { early, headers, text } = await answer('ask-server.js', 'production');
    expect(early).toMatch(
      /^<\/static\/css\/app\.\w{12}\.css>;integrity="sha384-\S{64}";rel=preload;as=style,<\/static\/js\/app\.\w{12}\.js>;integrity="sha384-\S{64}";rel=modulepreload$/,
    );
    expect(headers.link).toBe(early);
    const nonce = /'nonce-(.*)'/.exec(headers['content-security-policy']!)![1]!;
    const elements = text.match(/<(script|link rel="modulepreload").*?>/g)!;
    expect(elements).toHaveLength(4);
    expect(elements.filter((element) => !element.includes(`nonce="${nonce}"`))).toEqual([]);
    expect(text).toMatch(
      /<link rel="modulepreload" href="\/static\/js\/cart\.\w{12}\.js" integrity="sha384-/,
    );
  });

  it('the worker of docs/runtime.md needs the imported manifest alone', async () => {
    const { text } = await answer('ask-worker.js', 'production');
    expect(text).toMatch(
      /^<script type="importmap">.*<link rel="modulepreload".*<script type="module" src=/s,
    );
    const urls = text.match(/\/static\/js\/(app|cart)\.\w{12}\.js/g)!;
    expect(new Set(urls).size).toBe(2);
  });
});
