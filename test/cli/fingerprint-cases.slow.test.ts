import fs from 'node:fs';
import { describe, expect, test } from 'vitest';
import { RUN_NOTE } from '../../src/storages/destination.js';
import { collect, run } from '../support/command.js';
import {
  type FingerprintFixture,
  loadFingerprintFixtures,
  type Published,
  treeOf,
} from '../support/fingerprint-fixtures.js';
import { targetsOf } from '../support/fingerprint-targets.js';
import { reportOf } from '../support/plan.js';
import { newProject, type Project, SETTINGS } from '../support/project.js';
import { readFolder } from '../support/read-folder.js';

const fixtures = loadFingerprintFixtures();

describe.concurrent('fingerprint fixtures', () => {
  for (const fixture of fixtures) {
    test(`${fixture.name}: ${fixture.proves}`, async () => {
      const project = projectOf(fixture);
      const before = readFolder(project.path('root'));
      const { exit, stderr } = await collect(project, fixture.argv);
      expect({ exit, stderr }).toEqual({
        exit: fixture.exit ?? 0,
        stderr: fixture.stderr ? expect.any(String) : '',
      });
      for (const part of fixture.stderr ?? []) expect(stderr).toContain(part);
      if (fixture.exit) expect(readFolder(project.path('root'))).toEqual(before);
      else await expectPublished(project, fixture, before);
    });
  }
});

describe('compared with Django’s results', () => {
  test.each(fixtures.filter(({ published, djangoPublished }) => published && djangoPublished))(
    '$name: same keys, same names where nothing is rewritten, same targets where Django is right',
    (fixture) => {
      const ours = fixture.published!;
      const django = fixture.djangoPublished!;
      const names = Object.keys(ours.manifest.paths);
      expect(names.toSorted()).toEqual(Object.keys(django.manifest.paths).sort());
      for (const name of names.filter((each) => !ours.rewritten.has(each) && !django.rewritten.has(each)))
        expect(ours.manifest.paths[name]).toBe(django.manifest.paths[name]);
      const staticUrl = (fixture.settings?.staticUrl as string) ?? SETTINGS.staticUrl;
      const differing = [...new Set([...ours.rewritten.keys(), ...django.rewritten.keys()])].filter(
        (name) =>
          JSON.stringify(targetsOf(name, ours, staticUrl)) !==
          JSON.stringify(targetsOf(name, django, staticUrl)),
      );
      expect(differing.sort()).toEqual(fixture.differs ?? []);
    },
  );

  test('each difference is explained', () => {
    expect(fixtures.filter(({ differs, why }) => differs && !why)).toEqual([]);
  });
});

function projectOf(fixture: FingerprintFixture): Project {
  const { settings, setup = {} } = fixture;
  const project = newProject({}, { ...SETTINGS, postProcess: ['fingerprint'], ...settings });
  fs.cpSync(treeOf(fixture), project.dir, { recursive: true });
  project.write(setup.write ?? {});
  for (const [file, link] of Object.entries(setup.links ?? {})) project.write({ [file]: { link } });
  for (const [file, mode] of Object.entries(setup.modes ?? {}))
    fs.chmodSync(project.path(file), Number.parseInt(mode, 8));
  return project;
}

async function expectPublished(
  project: Project,
  fixture: FingerprintFixture,
  before: ReadonlyMap<string, Buffer>,
): Promise<void> {
  const { published, argv = [] } = fixture;
  const root = readFolder(project.path('root'));
  expect(root.has('staticfiles.json')).toBe(published !== undefined);
  if (published) {
    const leftovers = argv.includes('--clear') ? [] : [...before.keys()];
    expectNames(root, published.manifest, leftovers);
    expectContents(root, fixture);
  }
  expect(project.emptyFolders('root')).toEqual([]);
  await expectStable(project, argv);
}

/** The manifest has exactly the expected entries, in their order. */
function expectNames(
  root: ReadonlyMap<string, Buffer>,
  manifest: Published['manifest'],
  leftovers: readonly string[],
): void {
  const actual = JSON.parse(String(root.get('staticfiles.json')));
  expect(actual).toMatchObject(manifest);
  expect(Object.entries(actual.paths)).toEqual(Object.entries(manifest.paths));
  const expected = new Set([...Object.entries(manifest.paths).flat(), ...leftovers]);
  const withoutManifest = (names: Iterable<string>) =>
    [...names].filter((name) => name !== RUN_NOTE && !name.startsWith('staticfiles.')).sort();
  expect(withoutManifest(root.keys())).toEqual(withoutManifest(expected));
}

/** Each name has the bytes in `published/`, or else of its source; the plain name has those of the source. */
function expectContents(root: ReadonlyMap<string, Buffer>, { published }: FingerprintFixture): void {
  for (const [logicalPath, publicPath] of Object.entries(published!.manifest.paths)) {
    const expected = published!.rewritten.get(logicalPath) ?? root.get(logicalPath);
    expect(String(root.get(publicPath)), publicPath).toBe(String(expected));
  }
}

/** A second run changes no file. */
async function expectStable(project: Project, argv: readonly string[]): Promise<void> {
  const before = timesOf(project);
  const again = await run(project, 'collectstatic', [
    '--noinput',
    '--json',
    ...argv.filter((arg) => arg !== '--clear'),
  ]);
  expect(again.exit).toBe(0);
  expect([...new Set(reportOf(again).files.map(({ action }) => action))]).toEqual(['keep']);
  expect(timesOf(project)).toEqual(before);
}

function timesOf(project: Project): Record<string, readonly number[]> {
  const names = Object.keys(project.tree('root'));
  const stats = names.map((name) => fs.lstatSync(project.path('root', name)));
  return Object.fromEntries(names.map((name, index) => [name, [stats[index]!.ino, stats[index]!.mtimeMs]]));
}
