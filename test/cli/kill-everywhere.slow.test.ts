import fs from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { fetchHandler } from '../../src/serve/adapters/fetch.js';
import { serve } from '../../src/serve/serve.js';
import { type CommandName, run } from '../support/command.js';
import { newProject, type Project, SETTINGS } from '../support/project.js';

/** How many moments of a run are tried; `all` tries every change to the file system. */
const MOMENTS = process.env.STATICFILES_TEST_MOMENTS ?? '10';

type Command = readonly [name: CommandName, ...argv: string[]];

interface Scenario {
  readonly settings: object;
  /** Path below the project; without a manifest, files are read by their plain names. */
  readonly manifest?: string;
  /** Runs to its end before each kill, with another version of the sources. */
  readonly before?: (version: number) => Command;
  /** Is killed. */
  readonly command: (version: number) => Command;
  /** Checks the result of the run after the kill. */
  after?(project: Project, version: number): void;
}

const FINGERPRINT = ['fingerprint', { exclude: ['robots.txt'] }];
const MANIFEST = 'root/staticfiles.json';
const collect: Command = ['collectstatic', '--noinput'];

const SCENARIOS: Readonly<Record<string, Scenario>> = {
  'plain files': { settings: {}, command: () => collect },
  'fingerprint and compress': {
    settings: { postProcess: [FINGERPRINT, 'compress'] },
    manifest: MANIFEST,
    command: () => collect,
  },
  'originals: false': {
    settings: { postProcess: [['fingerprint', { exclude: ['robots.txt'], originals: false }]] },
    manifest: MANIFEST,
    command: () => collect,
  },
  '--clear': {
    settings: { postProcess: [FINGERPRINT] },
    manifest: MANIFEST,
    command: () => [...collect, '--clear'],
    after(project) {
      const hashed = Object.keys(project.tree()).filter((name) => /^only\.[0-9a-f]{12}\.txt$/.test(name));
      expect(hashed).toHaveLength(1);
    },
  },
  'a manifest of its own storage': {
    settings: {
      postProcess: [FINGERPRINT],
      manifest: { storage: { options: { location: 'private' } } },
    },
    manifest: 'private/staticfiles.json',
    command: () => collect,
  },
  'a release': {
    settings: { postProcess: [FINGERPRINT, 'compress'] },
    manifest: MANIFEST,
    command: (version) => [...collect, '--release', `v${version}`],
  },
  'a release that prunes': {
    settings: { postProcess: [FINGERPRINT] },
    manifest: MANIFEST,
    command: (version) => [...collect, '--release', `v${version}`, '--prune', '--keep', '1'],
    after: expectOneRelease,
  },
  prune: {
    settings: { postProcess: [FINGERPRINT, 'compress'] },
    manifest: MANIFEST,
    before: (version) => [...collect, '--release', `v${version}`],
    command: () => ['staticfiles', 'prune', '--noinput', '--keep', '1'],
    after: expectOneRelease,
  },
  'releases activate': {
    settings: { postProcess: [['fingerprint', { originals: false }]] },
    manifest: MANIFEST,
    before: (version) => [...collect, '--release', `v${version}`],
    command: (version) => ['staticfiles', 'releases', 'activate', `v${version - 1}`],
  },
};

function expectOneRelease(project: Project, version: number): void {
  expect(Object.keys(project.tree()).filter((name) => name.endsWith('/staticfiles.json'))).toEqual([
    `v${version}/staticfiles.json`,
  ]);
}

const LONG = 'a { color: blue }\n'.repeat(40);

/** Text of a file, with its version and its end. */
const textOf = (name: string, version: number, more = '') =>
  `/* ${name} ${version} */\n${more}${LONG}/* end of ${name} ${version} */\n`;

function sourcesOf(version: number): Record<string, string> {
  return {
    'static/robots.txt': textOf('robots.txt', version),
    'static/css/app.css': textOf('css/app.css', version, "@import url('deep/base.css');\n"),
    'static/css/deep/base.css': textOf('css/deep/base.css', version),
    'static/only.txt': textOf('only.txt', version),
    'static/same.txt': textOf('same.txt', 0),
    [`static/new${version}/file.css`]: textOf(`new${version}/file.css`, version),
  };
}

/** Version of a complete file. */
function versionOf(name: string, text: string): number {
  const match = /^\/\* (.+) (\d+) \*\/\n[\s\S]*\n\/\* end of (.+) (\d+) \*\/\n$/.exec(text);
  expect([name, match?.[1], match?.[3]], text.slice(0, 200)).toEqual([name, name, name]);
  expect(match?.[2]).toBe(match?.[4]);
  return Number(match?.[2]);
}

/** Starts a server, and requests all files of the active manifest in each encoding, and the files they refer to. */
async function servedVersions(project: Project, manifest: string): Promise<Map<string, number>> {
  const statics = await serve({
    manifest: project.path(manifest),
    root: project.path('root'),
    baseUrl: '/static/',
    env: {},
    onWarning() {},
  });
  try {
    const handle = fetchHandler(statics);
    const get = async (publicPath: string, coding: string) => {
      const url = `http://localhost/static/${publicPath}`;
      const response = await handle(new Request(url, { headers: { 'accept-encoding': coding } }));
      expect([publicPath, response?.status]).toEqual([publicPath, 200]);
      const bytes = Buffer.from(await response!.arrayBuffer());
      return (response!.headers.get('content-encoding') === 'gzip' ? gunzipSync(bytes) : bytes).toString();
    };
    const { paths } = JSON.parse(fs.readFileSync(project.path(manifest), 'utf8'));
    const versions = new Map<string, number>();
    for (const [name, publicPath] of Object.entries<string>(paths)) {
      for (const coding of ['gzip', 'identity']) {
        const text = await get(publicPath, coding);
        versions.set(name, versionOf(name, text));
        const reference = /@import url\('(.+)'\)/.exec(text)?.[1];
        if (reference) versionOf('css/deep/base.css', await get(path.posix.join('css', reference), coding));
      }
    }
    return versions;
  } finally {
    statics.close();
  }
}

function plainVersions(project: Project): Map<string, number> {
  const files = Object.entries(project.texts()).filter(([name]) => !name.startsWith('.'));
  return new Map(files.map(([name, text]) => [name, versionOf(name, text)]));
}

function versionsOf(project: Project, { manifest }: Scenario): Promise<Map<string, number>> {
  return manifest === undefined ? Promise.resolve(plainVersions(project)) : servedVersions(project, manifest);
}

/** Moments to try. */
function momentsOf(changes: number): number[] {
  const count = MOMENTS === 'all' ? changes : Math.min(Number(MOMENTS), changes);
  return Array.from(
    { length: count },
    (_, index) => 1 + Math.round((index * (changes - 1)) / (count - 1 || 1)),
  );
}

async function expectDone(project: Project, [name, ...argv]: Command, env: Record<string, string> = {}) {
  const result = await run(project, name, argv, { env, preload: 'kill.mjs' });
  expect(result).toMatchObject({ exit: 0, stderr: '' });
}

describe.concurrent('a run that is killed before a change that it makes to the file system', () => {
  test.each(Object.entries(SCENARIOS))(
    '%s: a server starts, each file of the live manifest is whole, and the next run mends',
    { timeout: 3_600_000 },
    async (_, scenario) => {
      const project = newProject(sourcesOf(0), { ...SETTINGS, cacheDir: 'cache', ...scenario.settings });
      let version = 0;
      /** Without a manifest, nothing says that a file of an earlier version is not published any more. */
      const isOld = (file: string) =>
        file === 'same.txt' || (scenario.manifest === undefined && /^new/.test(file));
      const next = async () => {
        version += 1;
        fs.rmSync(project.path(`static/new${version - 1}`), { recursive: true, force: true });
        project.write(sourcesOf(version));
        if (scenario.before) await expectDone(project, scenario.before(version));
      };

      if (scenario.before) await expectDone(project, scenario.before(0));
      else await expectDone(project, scenario.command(0));
      await next();
      const count = project.path('count');
      await expectDone(project, scenario.command(version), { COUNT: count });
      const moments = momentsOf(Number(fs.readFileSync(count, 'utf8')));
      expect(moments.length).toBeGreaterThan(0);

      let killed = 0;
      for (const moment of moments) {
        await next();
        const [name, ...argv] = scenario.command(version);
        const result = await run(project, name, argv, {
          preload: 'kill.mjs',
          env: { KILL_BEFORE: String(moment) },
        });
        if (result.signal === 'SIGKILL') killed += 1;
        else expect(result).toMatchObject({ exit: 0 }); // one change fewer than at the first time
        for (const [file, found] of await versionsOf(project, scenario))
          if (!isOld(file)) expect([version - 1, version], `${file}, ${moment}`).toContain(found);

        await expectDone(project, scenario.command(version));
        const mended = await versionsOf(project, scenario);
        const expected = name === 'staticfiles' && argv[0] === 'releases' ? version - 1 : version;
        for (const [file, found] of mended)
          if (!isOld(file)) expect([file, found], `${moment}`).toEqual([file, expected]);
        expect(mended.size).toBeGreaterThanOrEqual(6);
        scenario.after?.(project, version);
        for (const folder of ['root', 'private'])
          if (fs.existsSync(project.path(folder)))
            expect(fs.readdirSync(project.path(folder)).filter(isTemporary)).toEqual([]);
      }
      expect(killed).toBeGreaterThan(0);
    },
  );
});

function isTemporary(name: string): boolean {
  return name.startsWith('.collectstatic-') || name.startsWith('.staticfiles-lock');
}
