import { createHash } from 'node:crypto';
import fs from 'node:fs';
import { describe, expect, it } from 'vitest';
import { collect } from '../../support/command.js';
import { newProject, SETTINGS } from '../../support/project.js';

function projectOf(tree: Readonly<Record<string, string>>, references?: object, more: object = {}) {
  const inStatic = Object.fromEntries(Object.entries(tree).map(([name, text]) => [`static/${name}`, text]));
  return newProject(inStatic, { ...SETTINGS, postProcess: [['fingerprint', { references, ...more }]] });
}

async function publish(tree: Readonly<Record<string, string>>, references?: object, more?: object) {
  const project = projectOf(tree, references, more);
  const { exit, stderr } = await collect(project);
  const { paths } = JSON.parse(fs.readFileSync(project.path('root/staticfiles.json'), 'utf8'));
  const read = (name: string) => fs.readFileSync(project.path('root', paths[name]), 'utf8');
  return { project, exit, stderr, paths, read };
}

const integrityOf = (text: string) => `sha384-${createHash('sha384').update(text).digest('base64')}`;

const SITE = {
  'i.png': 'png',
  'a.css': 'a{b:url(i.png)}',
  'app.webmanifest': '{"icons":[{"src":"i.png"}]}',
  'data.json': '{"icons":[{"src":"i.png"}]}',
  's.svg': '<svg><image href="i.png"/></svg>',
  'index.html':
    '<link rel="stylesheet" href="a.css" integrity="sha384-old"><link rel="manifest" href="app.webmanifest"><img src="s.svg">',
};

describe('SVG and web manifests', () => {
  it('are rewritten by default', async () => {
    const { paths, read } = await publish(SITE);
    expect(read('s.svg')).toBe(`<svg><image href="${paths['i.png']}"/></svg>`);
    expect(read('app.webmanifest')).toBe(`{"icons":[{"src":"${paths['i.png']}"}]}`);
    expect(read('data.json')).toBe(SITE['data.json']);
    expect(read('index.html')).toBe(SITE['index.html']);
    expect(paths['index.html']).toMatch(/^index\.[0-9a-f]{12}\.html$/);
  });

  it('can be turned off, and other files can be web manifests', async () => {
    const off = await publish(SITE, { svg: false, webmanifest: false });
    expect([off.read('s.svg'), off.read('app.webmanifest')]).toEqual([
      SITE['s.svg'],
      SITE['app.webmanifest'],
    ]);
    const named = await publish(SITE, { webmanifest: ['data.json'] });
    expect(named.read('data.json')).toContain(named.paths['i.png']);
    expect(named.read('app.webmanifest')).toContain(named.paths['i.png']);
  });

  it('with a missing reference fail the run', async () => {
    const project = projectOf({ 's.svg': '<svg><use href="gone.svg#x"/></svg>' });
    const { exit, stderr } = await collect(project);
    expect(exit).toBe(1);
    expect(stderr).toContain("s.svg:1:17: 'gone.svg#x' not found.");
  });
});

describe('HTML', () => {
  it('keeps its name, and its references and integrity values match what is published', async () => {
    const { exit, stderr, paths, read, project } = await publish(SITE, { html: true });
    expect([exit, stderr, paths['index.html']]).toEqual([0, '', 'index.html']);
    expect(read('index.html')).toBe(
      `<link rel="stylesheet" href="${paths['a.css']}" integrity="${integrityOf(read('a.css'))}">` +
        `<link rel="manifest" href="${paths['app.webmanifest']}"><img src="${paths['s.svg']}">`,
    );
    expect((await collect(project)).stdout).toMatch(/: \d+ unmodified · /);
    project.write({ 'static/i.png': 'other' });
    await collect(project);
    const [, integrity] = /integrity="([^"]*)"/.exec(project.texts()['index.html']!)!;
    const css = Object.values(JSON.parse(project.texts()['staticfiles.json']!).paths).find((name) =>
      /^a\..*css$/.test(String(name)),
    );
    expect(integrity).toBe(integrityOf(project.texts()[String(css)]!));
    expect(integrity).not.toBe(integrityOf(read('a.css')));
  });

  it('has new integrity values also for files that keep their names, and not for foreign ones', async () => {
    const page =
      '<script src="sw.js" integrity="sha384-old"></script><script src="https://x.example/y.js" integrity="sha384-keep"></script>';
    const { read } = await publish(
      { 'index.html': page, 'sw.js': 'import("./a.js")', 'a.js': '' },
      { html: true },
      { exclude: ['sw.js'] },
    );
    expect(read('sw.js')).toMatch(/^import\("\.\/a\.[0-9a-f]{12}\.js"\)$/);
    expect(read('index.html')).toBe(page.replace('sha384-old', integrityOf(read('sw.js'))));
  });

  it('can refer to other pages, which keep their names too', async () => {
    const { exit, read } = await publish(
      { 'a.html': '<iframe src="b.html"></iframe>', 'b.html': '<iframe src="a.html"></iframe>' },
      { html: true },
    );
    expect([exit, read('a.html')]).toEqual([0, '<iframe src="b.html"></iframe>']);
  });
});
