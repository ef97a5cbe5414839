import { execFile } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { transformSync } from 'esbuild';
import { beforeAll, describe, expect, it } from 'vitest';
import { collect } from './support/command.js';
import { newProject, type Project, SETTINGS } from './support/project.js';

const TOP = path.resolve(import.meta.dirname, '..');
const DOCUMENT = fs.readFileSync(path.join(TOP, 'docs/templates.md'), 'utf8');
const FILE_NAME = /^\W*((?:views\/)?\w+\.\w+)\b/;

/** All examples of the document by the name that their first line says. */
function examples(): Record<string, string> {
  const blocks = Array.from(DOCUMENT.matchAll(/^```\w+\n([\s\S]*?)^```$/gm), ([, code]) => code!);
  return Object.fromEntries(blocks.map((code) => [FILE_NAME.exec(code)![1]!, code]));
}

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
  const { 'hono.tsx': tsx, ...others } = examples();
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
  fs.mkdirSync(project.path('node_modules'));
  const packages = ['nunjucks', 'ejs', 'handlebars', 'express', 'pug', 'eta', '@fastify', 'fastify', 'hono'];
  for (const name of packages)
    fs.symlinkSync(path.join(TOP, 'node_modules', name), project.path('node_modules', name));
  fs.symlinkSync(TOP, project.path('node_modules/staticfiles'));
});

async function page(name: string, nodeEnv: string): Promise<string> {
  const env = { PATH: process.env.PATH ?? '', NODE_ENV: nodeEnv };
  const argv = ['run.js', `./${name}.js`];
  const { stdout } = await promisify(execFile)(process.execPath, argv, { cwd: project.dir, env });
  return stdout;
}

const ENGINES = ['nunjucks', 'ejs', 'handlebars', 'express', 'pug', 'eta', 'fastify', 'hono'];

it('the document has an example for each engine', () => {
  const code = Object.keys(examples()).filter((name) => /^\w+\.(js|tsx)$/.test(name));
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
