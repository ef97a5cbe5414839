import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';

const TOP = path.resolve(import.meta.dirname, '../..');

function read(file: string): string {
  return fs.readFileSync(path.join(TOP, file), 'utf8');
}

function pagesIn(folder: string): string[] {
  const names = fs.readdirSync(path.join(TOP, folder)).filter((name) => name.endsWith('.md'));
  return names.map((name) => path.posix.join(folder, name));
}

const DOCS = pagesIn('docs');
const PAGES = [...pagesIn('.'), ...DOCS, 'bench/README.md', 'examples/README.md', 'fixtures/README.md'];

/** A page without its code. */
function proseOf(page: string): string {
  return read(page).replace(/^```[\s\S]*?^```$/gm, '');
}

/** The anchors of a page's headings, as GitHub makes them. */
function anchorsOf(page: string): string[] {
  const headings = Array.from(proseOf(page).matchAll(/^#+ (.*)$/gm), ([, heading]) => heading!);
  return headings.map((heading) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replace(/ /g, '-'),
  );
}

/** The links of a page that point to no file, or to no heading of one. */
function brokenLinks(page: string): string[] {
  const links = Array.from(proseOf(page).matchAll(/\]\(([^)\s]+)\)/g), ([, link]) => link!);
  return links.filter((link) => {
    if (/^[a-z]+:/.test(link)) return false;
    const [name, anchor] = link.split('#') as [string, string?];
    const target = name === '' ? page : path.posix.join(path.posix.dirname(page), name);
    if (!fs.existsSync(path.join(TOP, target))) return true;
    return anchor !== undefined && !anchorsOf(target).includes(anchor);
  });
}

test.each(PAGES)('every link of %s resolves', (page) => {
  expect(brokenLinks(page)).toEqual([]);
});

test('docs/README.md links every page', () => {
  const linked = Array.from(
    read('docs/README.md').matchAll(/\]\(([\w-]+\.md)\)/g),
    ([, name]) => `docs/${name}`,
  );
  expect(linked.sort()).toEqual(DOCS.filter((name) => name !== 'docs/README.md').sort());
});

test('README.md has at most 150 lines', () => {
  expect(read('README.md').trimEnd().split('\n').length).toBeLessThanOrEqual(150);
});

describe('docs/architecture.md', () => {
  const text = read('docs/architecture.md');

  test('has each folder and file at the top of src/', () => {
    const names = fs
      .readdirSync(path.join(TOP, 'src'), { withFileTypes: true })
      .map((entry) => (entry.isDirectory() ? `\`${entry.name}/\`` : `\`${entry.name}\``));
    expect(names.filter((name) => !text.includes(name))).toEqual([]);
  });

  test('names no file that is gone', () => {
    const sources = fs
      .readdirSync(path.join(TOP, 'src'), { recursive: true, encoding: 'utf8' })
      .map((file) => `/${file.split(path.sep).join('/')}`);
    const named = Array.from(text.matchAll(/`((?:[\w-]+\/)*[\w-]+\.ts)`/g), ([, file]) => file!);
    const gone = named.filter(
      (file) =>
        !sources.some((source) => source.endsWith(`/${file}`)) && !fs.existsSync(path.join(TOP, file)),
    );
    expect(gone).toEqual([]);
  });

  test('has each dependency', () => {
    const sources = fs.readdirSync(path.join(TOP, 'src'), { recursive: true, encoding: 'utf8' });
    const code = sources.filter((file) => file.endsWith('.ts')).map((file) => read(path.join('src', file)));
    const imported = code.join('\n').matchAll(/\b(?:from |import\()'((?:@[\w-]+\/)?[\w-]+)/g);
    const { dependencies, devDependencies, peerDependencies } = JSON.parse(read('package.json'));
    const known = Object.keys({ ...dependencies, ...devDependencies, ...peerDependencies });
    const names = [...new Set(Array.from(imported, ([, name]) => name!))].filter((name) =>
      known.includes(name),
    );
    expect(names.length).toBeGreaterThan(30);
    const table = text.slice(text.indexOf('## Dependencies'));
    expect(names.filter((name) => !table.includes(name))).toEqual([]);
  });
});
