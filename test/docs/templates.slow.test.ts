import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { transformSync } from 'esbuild';
import { beforeAll, describe, expect, it } from 'vitest';
import { collect } from '../support/command.js';
import { examplesIn, linkPackages } from '../support/documents.js';
import { newProject, type Project, SETTINGS } from '../support/project.js';

/** What browsers would get of an example, which has made a page or an application. */
const RUN = `
const { html, app } = await import(process.argv[2]);
async function answerOf(server) {
  await new Promise((resolve) => server.on('listening', resolve));
  const answer = await fetch('http://127.0.0.1:' + server.address().port);
  server.closeAllConnections();
  server.close();
  return answer.text();
}
if (html) console.log(html);
else if (app.inject) console.log((await app.inject('/')).body);
else if (app.fetch) console.log(await (await app.fetch(new Request('http://localhost/'))).text());
else console.log(await answerOf(app.listen(0, '127.0.0.1')));
`;

let project: Project;

beforeAll(async () => {
  const { 'hono.tsx': tsx, ...others } = examplesIn('docs/templates.md');
  const { code } = transformSync(tsx!, { loader: 'tsx', jsx: 'automatic' });
  project = newProject(
    {
      ...others,
      'hono.js': code,
      'run.js': RUN,
      'package.json': '{"type": "module"}',
      'static/css/app.css': 'a{}',
      'static/js/app.js': 'export {}',
      'static/logo.svg': '<svg/>',
    },
    { ...SETTINGS, postProcess: ['fingerprint'], importmap: { entries: { app: 'js/app.js' } } },
  );
  linkPackages(project, [
    ...['nunjucks', 'ejs', 'handlebars', 'pug', 'eta'],
    ...['express', '@fastify', 'fastify', 'hono'],
  ]);
});

async function page(name: string, nodeEnv: string): Promise<string> {
  const env = { PATH: process.env.PATH ?? '', NODE_ENV: nodeEnv };
  const argv = ['run.js', `./${name}.js`];
  const { stdout } = await promisify(execFile)(process.execPath, argv, { cwd: project.dir, env });
  return stdout;
}

const ENGINES = ['nunjucks', 'ejs', 'handlebars', 'express', 'pug', 'eta', 'fastify', 'hono'];

it('the document has an example for each engine', () => {
  const code = Object.keys(examplesIn('docs/templates.md')).filter((name) => /^\w+\.(js|tsx)$/.test(name));
  expect(code.map((name) => path.parse(name).name)).toEqual(ENGINES);
});

describe('in development', () => {
  it.each(ENGINES)('the page of %s has plain URLs', async (name) => {
    const html = await page(name, 'development');
    expect(html).toContain('href="/static/css/app.css"');
    expect(html).toContain('src="/static/js/app.js"');
    expect(html).toContain('<script type="importmap">{"imports":{"app":"/static/js/app.js"}');
  });
});

describe('in production', () => {
  beforeAll(async () => {
    expect(await collect(project)).toMatchObject({ exit: 0, stderr: '' });
  });

  it.each(ENGINES)('the page of %s has those of the manifest', async (name) => {
    const html = await page(name, 'production');
    expect(html).toMatch(/href="\/static\/css\/app\.[0-9a-f]{12}\.css"/);
    expect(html).toMatch(/src="\/static\/js\/app\.[0-9a-f]{12}\.js"/);
    expect(html).toMatch(
      /<script type="importmap">\{"imports":\{"app":"\/static\/js\/app\.[0-9a-f]{12}\.js"\}/,
    );
  });
});
