import { hash } from 'node:crypto';
import { collect } from '../../support/command.js';
import { newProject, type Project } from '../../support/project.js';
import type { TreeInput } from '../../support/tree.js';
import type { Service, View } from '../services/service.js';

/** How many pictures the style sheet refers to. */
const PICTURES = 50;
/** Bytes of a file that needs more than one request, which carries up to 8 MiB. */
const LARGE = 9 * 1024 * 1024;

/** Returns the sources of a version: a page, its style sheet with pictures, and a large file. */
function sources(version: number): TreeInput {
  const pictures = Array.from({ length: PICTURES }, (_, i) => `img/${i}.svg`);
  const rules = pictures.map((name, i) => `.p${i} { background: url(../${name}) }`);
  const files = {
    'index.html': `<!doctype html><link rel="stylesheet" href="css/app.css"><script src="js/app.js"></script>v${version}`,
    'css/app.css': rules.join('\n'),
    'js/app.js': `document.title = 'v${version}';\n`,
    'robots.txt': `version ${version}\n`,
    'film.mp4': `${version} `.repeat(LARGE / 2),
    // Half of the pictures differ in each version.
    ...Object.fromEntries(pictures.map((name, i) => [name, `<svg id="${i}-${i % 2 === 0 ? 0 : version}"/>`])),
  };
  return Object.fromEntries(Object.entries(files).map(([name, text]) => [`static/${name}`, text]));
}

/** The published files of a version. */
interface Published {
  /** The text of the manifest. */
  readonly manifest: string;
  /** The SHA-256 of the bytes, by public path. */
  readonly hashes: ReadonlyMap<string, string>;
}

/** A small project that is published to a service, version after version. */
export interface Shop {
  readonly project: Project;
  /** The name of its destination. */
  readonly destination: string;
  /** Writes the sources of a version. */
  edit(version: number): void;
  /** Writes settings with an entry of `storages`. */
  publishTo(entry: object): void;
}

const SETTINGS = {
  staticRoot: 'root',
  staticUrl: '/static/',
  cacheDir: 'cache',
  staticfilesDirs: ['static'],
  postProcess: [['fingerprint', { exclude: ['robots.txt'], references: { html: true } }]],
};

let shops = 0;

export function newShop(): Shop {
  const project = newProject(sources(1));
  shops += 1;
  return {
    project,
    destination: `shop-${process.pid}-${shops}`,
    edit: (version) => project.write(sources(version)),
    publishTo: (staticfiles) => project.settings({ ...SETTINGS, storages: { staticfiles } }),
  };
}

/** Collects the project. The AWS SDK's warning about Node's version is turned off. */
export function publish(
  { project }: Shop,
  env: Readonly<Record<string, string>>,
  argv: readonly string[] = [],
) {
  return collect(project, argv, { env: { ...QUIET, ...env } });
}

export const QUIET = {
  AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
  AWS_EC2_METADATA_DISABLED: 'true',
};

/** Returns the files that a version publishes to a folder without trouble. */
async function expected(version: number): Promise<Published> {
  const known = versions.get(version);
  if (known) return known;
  const shop = newShop();
  shop.edit(version);
  shop.publishTo({ backend: 'filesystem' });
  const { exit, stderr } = await publish(shop, {});
  if (exit !== 0) throw new Error(stderr);
  const texts = shop.project.texts('root');
  const hashes = Object.entries(texts).map(([name, text]) => [name, sha256(text)] as const);
  const published = { manifest: texts['staticfiles.json']!, hashes: new Map(hashes) };
  versions.set(version, published);
  return published;
}

const versions = new Map<number, Published>();

function sha256(bytes: string | Buffer): string {
  return hash('sha256', bytes);
}

/**
 * Returns the version of the live manifest, and checks that all its files are there and complete. The files of the page
 * must be too. Its name stays, so it may be of a later version already. With several hosts, returns the oldest version.
 *
 * @param candidates the versions that may be live
 */
export async function liveVersion(
  service: Service,
  shop: Shop,
  candidates: readonly number[],
): Promise<number> {
  const live: number[] = [];
  for (const view of service.hosts ?? [service]) live.push(await liveAt(view, shop, candidates));
  return Math.min(...live);
}

async function liveAt(service: View, { destination }: Shop, candidates: readonly number[]): Promise<number> {
  const manifest = (await service.visit(destination, 'staticfiles.json'))?.bytes.toString();
  const versions = await Promise.all(candidates.map(expected));
  const live = versions.findIndex((each) => each.manifest === manifest);
  if (live === -1)
    throw new Error(`The live manifest is of none of the versions ${candidates}:\n${manifest}`);
  const page = sha256((await service.visit(destination, PAGE))!.bytes);
  const shown = versions.findIndex(({ hashes }) => hashes.get(PAGE) === page);
  if (shown === -1) throw new Error(`'${PAGE}' is of none of the versions ${candidates}.`);
  for (const version of new Set([versions[live]!, versions[shown]!])) {
    await expectWhole(service, destination, version, fingerprinted(version));
  }
  return candidates[live]!;
}

/** The page has the same name in all versions. */
const PAGE = 'index.html';

function fingerprinted({ manifest }: Published): readonly string[] {
  const paths = Object.entries<string>(JSON.parse(manifest).paths);
  return paths.filter(([name, publicPath]) => name !== publicPath).map(([, publicPath]) => publicPath);
}

async function expectWhole(
  { visit }: View,
  destination: string,
  { hashes }: Published,
  paths: Iterable<string>,
): Promise<void> {
  const wrong: string[] = [];
  for (const publicPath of paths) {
    const bytes = (await visit(destination, publicPath))?.bytes;
    if (bytes === undefined) wrong.push(`'${publicPath}' is not there`);
    else if (sha256(bytes) !== hashes.get(publicPath)) wrong.push(`'${publicPath}' has other bytes`);
  }
  if (wrong.length > 0) throw new Error(`Live, and not whole: ${wrong.join('; ')}.`);
}

/** Returns the paths of all files that some versions publish. */
export async function publishedPaths(versions: readonly number[]): Promise<ReadonlySet<string>> {
  const published = await Promise.all(versions.map(expected));
  return new Set(published.flatMap(({ hashes }) => [...hashes.keys()]));
}

/** Checks that all files of a version are there, and that any others are of earlier versions. */
export async function expectPublished(
  service: Service,
  { destination }: Shop,
  version: number,
  earlier: readonly number[],
): Promise<void> {
  const published = await expected(version);
  await expectWhole(service, destination, published, published.hashes.keys());
  const known = new Set<string>(['.staticfiles-index.json', '.staticfiles-head.json']);
  for (const each of [version, ...earlier])
    for (const name of (await expected(each)).hashes.keys()) known.add(name);
  const strange = (await service.paths(destination)).filter((name) => !known.has(name));
  if (strange.length > 0) throw new Error(`Left behind: ${strange.join(', ')}.`);
}
