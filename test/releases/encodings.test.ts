import fs from 'node:fs';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { applyPlan, planCollect } from '../../src/apply-plan.js';
import type { CollectOptions } from '../../src/collectstatic.js';
import { collectstatic } from '../../src/collectstatic.js';
import type { CodingName } from '../../src/model/content-encoding.js';
import { compress } from '../../src/processors/compress/processor.js';
import { prune } from '../../src/prune/prune.js';
import { activateRelease } from '../../src/releases/activate.js';
import { diffReleases } from '../../src/releases/diff.js';
import { showRelease } from '../../src/releases/list.js';
import type { Settings } from '../../src/settings/settings.js';
import { objectStorage } from '../../src/storages/objects/object-storage.js';
import type { ObjectStore } from '../../src/storages/objects/object-store.js';
import { builtSettings } from '../support/built-settings.js';
import { decodedTexts, loseIndex, tellingHeaders, withOldIndex } from '../support/encoded-objects.js';
import { type MemoryStore, memoryStore } from '../support/memory-store.js';
import { newProject, type Project } from '../support/project.js';
import { renamingProcessor } from '../support/renaming-processor.js';

const FILES = { 'a.css': 'static/a.css', 'same.css': 'static/same.css' };
const css = (colour: string) => `a { color: ${colour} }\n`.repeat(60);

interface Place {
  readonly store: ObjectStore;
  /** The option of the storage. */
  readonly index?: boolean;
  /** None stores plain bytes, with gzip beside them. */
  readonly inline?: CodingName;
}

function newSite(): Project {
  return newProject({ 'static/a.css': css('red'), 'static/same.css': css('blue') });
}

async function settingsFor(project: Project, { store, index = true, inline }: Place): Promise<Settings> {
  const storage = await objectStorage(store, { index, ...(inline && { encoding: 'inline' }) });
  const processors = [renamingProcessor, compress({ encodings: [inline ?? 'gzip'], originals: true })];
  return builtSettings(project, FILES, { storage, processors });
}

async function publish(
  project: Project,
  place: Place,
  id: string,
  colour: string,
  options: CollectOptions = {},
) {
  project.write({ 'static/a.css': css(colour) });
  const settings = await settingsFor(project, place);
  return collectstatic({ ...settings, release: { id: async () => id } }, options);
}

function pathIn(store: MemoryStore, id: string, name = 'a.css'): string {
  return JSON.parse(store.objects.get(`${id}/staticfiles.json`)!.text).paths[name];
}

/** Two releases, `r1` in red and `r2` in green, of which nobody has an index. */
async function twoReleases(place: (store: MemoryStore) => Place) {
  const [project, store] = [newSite(), memoryStore()];
  await publish(project, place(store), 'r1', 'red');
  await publish(project, place(store), 'r2', 'green');
  return { project, store };
}

const WAYS: readonly (readonly [string, (store: MemoryStore) => Place, (store: MemoryStore) => void])[] = [
  ['is lost', (store) => ({ store, inline: 'gzip' }), loseIndex],
  ['was never kept', (store) => ({ store, inline: 'gzip', index: false }), () => {}],
  [
    'was never kept, and listings tell headers',
    (store) => ({ store: tellingHeaders(store), inline: 'br', index: false }),
    () => {},
  ],
  [
    'is of an older format, and so are the details',
    (store) => ({ store, inline: 'gzip' }),
    (store) => {
      withOldIndex(store);
      withoutStored(store);
    },
  ],
  ['is kept', (store) => ({ store, inline: 'br' }), () => {}],
];

/** Details in the form of versions that did not say how files are stored. */
function withoutStored(store: MemoryStore): void {
  for (const [key, object] of store.objects) {
    if (!key.endsWith('details.json')) continue;
    const details = JSON.parse(object.text);
    for (const file of Object.values<{ stored?: unknown }>(details.files)) delete file.stored;
    store.objects.set(key, { ...object, text: JSON.stringify(details) });
  }
}

describe.each(WAYS)('releases whose files are stored inline, if the index %s', (_, place, lose) => {
  it('can be activated', async () => {
    const { project, store } = await twoReleases(place);
    lose(store);
    const { otherBytes } = await activateRelease(await settingsFor(project, place(store)), 'r1');
    expect(otherBytes).toEqual(['a.css']);
    const { paths } = JSON.parse(store.objects.get('staticfiles.json')!.text);
    expect(decodedTexts(store)[paths['a.css']]).toBe(css('red'));
  });

  it('are pruned', async () => {
    const { project, store } = await twoReleases(place);
    const old = pathIn(store, 'r1');
    lose(store);
    const { plan } = await prune(await settingsFor(project, place(store)), { keep: 1, olderThan: 0 });
    expect(plan).toMatchObject({ files: [{ publicPath: old }], spared: [] });
    expect(store.objects.has(old)).toBe(false);
    expect(store.objects.has(pathIn(store, 'r2'))).toBe(true);
  });

  it('cannot be activated if a file has other bytes, and that file is not pruned', async () => {
    const { project, store } = await twoReleases(place);
    const old = pathIn(store, 'r1');
    lose(store);
    const other = store.objects.get(pathIn(store, 'r2'))!;
    store.objects.set(old, { ...other, text: `${other.text}.`, version: 'theirs' });
    loseIndex(store);
    const settings = await settingsFor(project, place(store));
    await expect(activateRelease(settings, 'r1')).rejects.toMatchObject({
      code: 'target',
      message: expect.stringContaining(`'${old}'`),
    });
    const { plan } = await prune(settings, { keep: 1, olderThan: 0 });
    expect(plan).toMatchObject({ files: [], spared: [{ publicPath: old, reason: 'other bytes' }] });
  });
});

describe('a release whose files a later one has stored in another encoding', () => {
  const changes: readonly (readonly [CodingName | undefined, CodingName | undefined])[] = [
    [undefined, 'gzip'],
    ['gzip', undefined],
    ['gzip', 'br'],
  ];

  it.each(changes)('can be activated, and is pruned (%s, then %s)', async (before, after) => {
    for (const index of [true, false]) {
      const [project, store] = [newSite(), memoryStore()];
      const place = (inline: CodingName | undefined): Place => ({ store, index, ...(inline && { inline }) });
      await publish(project, place(before), 'r1', 'red');
      const red = pathIn(store, 'r1');
      await publish(project, place(after), 'r2', 'green');
      const settings = await settingsFor(project, place(after));
      await activateRelease(settings, 'r1');
      // The same content again, in the other encoding.
      project.write({ 'static/a.css': css('red') });
      await collectstatic(settings);
      await publish(project, place(after), 'r2', 'green');
      const { plan } = await prune(settings, { keep: 1, olderThan: 0 });
      expect(plan.spared).toEqual([]);
      expect(plan.files.map(({ publicPath }) => publicPath)).toContain(red);
    }
  });

  it('has the same content', async () => {
    const [project, store] = [newSite(), memoryStore()];
    await publish(project, { store }, 'r1', 'red');
    await publish(project, { store, inline: 'gzip' }, 'r2', 'red');
    const settings = await settingsFor(project, { store, inline: 'gzip' });
    expect(await diffReleases(settings, ['r1', 'r2'])).toEqual({ changes: [], same: 2 });
  });
});

describe('the details of files that are stored inline', () => {
  it('describe the bytes as they are stored, and follow their schema', async () => {
    const [project, store] = [newSite(), memoryStore()];
    await publish(project, { store, inline: 'gzip' }, 'r1', 'red');
    const details = JSON.parse(store.objects.get('staticfiles.details.json')!.text);
    const path = pathIn(store, 'r1');
    expect(details.files[path]).toMatchObject({
      size: css('red').length,
      stored: { encoding: 'gzip', size: store.objects.get(path)!.text.length },
    });
    const schema = new URL('../../schemas/staticfiles.details.schema.json', import.meta.url);
    const validate = new Ajv().compile(JSON.parse(fs.readFileSync(schema, 'utf8')));
    validate(details);
    expect(validate.errors).toBeNull();
    const { contents } = await showRelease(await settingsFor(project, { store, inline: 'gzip' }), 'r1');
    expect(contents.find(({ publicPath }) => publicPath === path)?.size).toBe(
      store.objects.get(path)!.text.length,
    );
  });

  it('say nothing more if files are stored as they are', async () => {
    const [project, store] = [newSite(), memoryStore()];
    await publish(project, { store }, 'r1', 'red');
    expect(store.objects.get('staticfiles.details.json')!.text).not.toContain('"stored"');
  });
});

describe('a plan file', () => {
  const where = 'plan.json';

  it('is out of date if the settings have another encoding now', async () => {
    const [project, store] = [newSite(), memoryStore()];
    const { planFile } = await planCollect(await settingsFor(project, { store, inline: 'br' }));
    const settings = await settingsFor(project, { store, inline: 'gzip' });
    await expect(applyPlan(settings, planFile, { where })).rejects.toMatchObject({ code: 'source' });
    expect(store.texts()).toEqual({});
  });

  it('is out of date if the destination has another encoding now', async () => {
    const [project, store] = [newSite(), memoryStore()];
    const telling = tellingHeaders(store);
    const index = false;
    await collectstatic(await settingsFor(project, { store, index, inline: 'gzip' }));
    project.write({ 'static/a.css': css('green') });
    const settings = await settingsFor(project, { store: telling, index, inline: 'gzip' });
    const { planFile } = await planCollect(settings);
    const object = store.objects.get('a.css')!;
    const { contentEncoding: _, ...headers } = object.headers;
    store.objects.set('a.css', { ...object, headers });
    await expect(applyPlan(settings, planFile, { where })).rejects.toMatchObject({ code: 'target' });
  });

  it('is applied if nothing has changed', async () => {
    const [project, store] = [newSite(), memoryStore()];
    const settings = await settingsFor(project, { store, inline: 'gzip' });
    const { planFile } = await planCollect(settings);
    await applyPlan(settings, JSON.parse(JSON.stringify(planFile)), { where });
    expect(decodedTexts(store)['a.css']).toBe(css('red'));
  });
});
