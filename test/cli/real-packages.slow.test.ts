import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { createResolver } from '../../src/references/resolve.js';
import { cssReferences } from '../references/css-oracle.js';
import { javascriptReferences } from '../references/javascript-oracle.js';
import { PACKAGES } from '../references/packages.js';
import { collect, type Result } from '../support/command.js';
import { newProject, type Project } from '../support/project.js';

const NODE_MODULES = path.resolve(import.meta.dirname, '../../node_modules');
const resolve = createResolver('/static/');

/** A file that was published under a fingerprinted name. */
interface Published {
  readonly publicPath: string;
  readonly source: Buffer;
  readonly bytes: Buffer;
}

let project: Project;
let result: Result;
let published: ReadonlyMap<string, Published>;

beforeAll(async () => {
  const installedApps = PACKAGES.map((app) => ({ app, dir: '.', prefix: app }));
  const links = PACKAGES.map((name) => [`node_modules/${name}`, { link: path.join(NODE_MODULES, name) }]);
  project = newProject(Object.fromEntries(links), {
    staticRoot: 'root',
    installedApps,
    postProcess: ['fingerprint'],
  });
  result = await collect(project);
  const manifest = JSON.parse(fs.readFileSync(project.path('root/staticfiles.json'), 'utf8'));
  published = new Map(Object.entries<string>(manifest.paths).map(([name, to]) => [name, read(name, to)]));
}, 120_000);

describe('real packages, only listed in the settings', () => {
  it('are all published, with a warning for files that they do not ship, and one for names that they look for', () => {
    expect(result).toMatchObject({
      exit: 0,
      stderr: expect.stringMatching(
        /^Warning: The URLs of \d+ import\(\) calls .*\n(?:node_modules.*\n)+Add .*\nWarning: \d+ missing references .*\n(?: .*\n)+Warning: Scripts look for .*\n(?: .*\n)+$/,
      ),
    });
    const sources = PACKAGES.flatMap((name) => filesOf(name).map((file) => `${name}/${file}`));
    expect([...published.keys()].sort()).toEqual(sources.sort());
    expect([...published].filter(([name, { publicPath }]) => name === publicPath)).toEqual([]);
  });

  it('equal their sources, byte for byte, without the inserted hashes', () => {
    const wrong = [...published].filter(([name, { source, bytes }]) => {
      const original = fs.readFileSync(path.join(NODE_MODULES, name));
      return !source.equals(original) || !withoutHashes(bytes).equals(original);
    });
    expect(wrong.map(([name]) => name)).toEqual([]);
  });

  it('refer to published files, and have the hash of their bytes outside of cycles', () => {
    const names = new Map([...published].map(([name, { publicPath }]) => [publicPath, name]));
    const edges = new Map<string, readonly string[]>();
    const wrong: string[] = [];
    for (const [name, file] of published) {
      if (file.bytes.equals(file.source)) continue;
      const targets = targetsOf(name, file);
      // A reference to a plain name was missed; one to a name that is neither is the packages' own fault.
      wrong.push(...targets.filter((target) => published.has(target)).map((target) => `${name}: ${target}`));
      edges.set(
        name,
        targets.flatMap((target) => names.get(target) ?? []),
      );
      expect(edges.get(name), name).not.toEqual([]);
    }
    expect(wrong).toEqual([]);
    const hashedOtherwise = [...published].filter(
      ([, { publicPath, bytes }]) => !publicPath.includes(md5(bytes)),
    );
    expect(hashedOtherwise.map(([name]) => name)).toEqual(
      [...edges.keys()].filter((name) => isInCircle(name, edges)),
    );
  });
});

function read(name: string, publicPath: string): Published {
  const [source, bytes] = [name, publicPath].map((each) => fs.readFileSync(project.path('root', each)));
  return { publicPath, source: source!, bytes: bytes! };
}

/** The files of a package that are not ignored by default. */
function filesOf(name: string): string[] {
  const folder = path.join(NODE_MODULES, name);
  return fs
    .readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => !file.split(path.sep).some((part) => /^\.|~$|^CVS$/.test(part)))
    .filter((file) => fs.statSync(path.join(folder, file)).isFile());
}

let hashes: RegExp | undefined;

/** Removes every hash of this run that follows a dot. */
function withoutHashes(bytes: Buffer): Buffer {
  hashes ??= new RegExp([...published].map(([, { publicPath }]) => hashIn(publicPath)).join('|'), 'g');
  return Buffer.from(bytes.toString('latin1').replace(hashes, ''), 'latin1');
}

function hashIn(publicPath: string): string {
  return `\\${/\.[0-9a-f]{12}(?=(?:\.[^./]*)?$)/.exec(publicPath)![0]}`;
}

/** Paths that a published file refers to, found by a full parser. */
function targetsOf(name: string, { bytes }: Published): string[] {
  const text = bytes.toString('utf8').replace(/^\ufeff/, '');
  const found = name.endsWith('.css') ? cssReferences(text) : javascriptReferences(text);
  return found.flatMap(([kind, url]) => {
    if (/^js-(?!new-url|source-map)/.test(kind) && !/^\.{0,2}\//.test(url)) return [];
    const resolution = resolve(url, name);
    return 'logicalPath' in resolution ? [resolution.logicalPath] : [];
  });
}

function isInCircle(name: string, edges: ReadonlyMap<string, readonly string[]>): boolean {
  const reached = new Set(edges.get(name));
  for (const each of reached) for (const next of edges.get(each) ?? []) reached.add(next);
  return reached.has(name);
}

function md5(bytes: Buffer): string {
  return createHash('md5').update(bytes).digest('hex').slice(0, 12);
}
