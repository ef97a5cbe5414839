import { describe, expect, it } from 'vitest';
import type { Scanner } from '../../src/references/reference.js';
import { resolveSettings } from '../../src/settings/resolve.js';
import type { UserSettings } from '../../src/settings/settings.js';
import { newProject, SETTINGS } from '../support/project.js';

const project = newProject({
  'static/a.css': 'a{}',
  'apps/blog/static/b.css': 'b{}',
  'plugin.js': "export default () => ({ name: 'mine', process: (outputs) => outputs });\n",
  'scan.js': 'export default () => ({ references: [], skipped: [], warnings: [] });\n',
});

const digestOf = async (settings: UserSettings) =>
  (await resolveSettings({ ...SETTINGS, cacheDir: 'cache', ...settings }, { baseDir: project.dir })).digest;

const processor = { name: 'mine', process: (outputs: readonly never[]) => outputs };
const finder = {
  name: 'mine',
  roots: () => [],
  list: () => [],
  find: () => [],
  explain: () => undefined,
};
const storage = {
  name: 'mine',
  inventory: async () => ({ proof: { kind: 'stat' as const }, get: () => undefined, entries: () => [] }),
  write: async () => {},
  remove: async () => {},
  readText: async () => undefined,
};

describe('the digest of settings', () => {
  it('is the same for the same settings', async () => {
    const settings: UserSettings = {
      postProcess: [['fingerprint', { exclude: ['robots.txt'] }], 'compress'],
    };
    expect(await digestOf(settings)).toEqual(expect.any(String));
    expect(await digestOf(settings)).toBe(await digestOf({ ...settings }));
  });

  it('ignores the hook after publishing', async () => {
    const afterPublish = () => {};
    expect(await digestOf({ storages: { staticfiles: { afterPublish } } })).toBe(
      await digestOf({ storages: { staticfiles: {} } }),
    );
  });

  it('differs for everything else', async () => {
    const all: UserSettings[] = [
      {},
      { staticUrl: '/assets/' },
      { staticRoot: 'public' },
      { ignore: ['*.map'] },
      { defaultIgnore: [] },
      { staticfilesDirs: [['v', 'static']] },
      { staticfilesDirs: [{ dir: 'static', include: ['*.css'] }] },
      { installedApps: ['apps/*'] },
      { vendorLinks: 'allow' },
      { postProcess: ['compress'] },
      { postProcess: [['compress', { encodings: ['br'] }]] },
      { manifest: { name: 'm.json' } },
      { manifest: { storage: { options: { location: 'build' } } } },
      { importmap: { entries: { a: 'a.js' } } },
      { storages: { staticfiles: { options: { durable: true } } } },
      { cacheDir: 'other' },
    ];
    const digests = await Promise.all(all.map(digestOf));
    expect(digests).not.toContain(undefined);
    expect(new Set(digests).size).toBe(all.length);
  });

  it('differs if a glob finds another app', async () => {
    const before = await digestOf({ installedApps: ['apps/*'] });
    project.write({ 'apps/shop/static/c.css': 'c{}' });
    expect(await digestOf({ installedApps: ['apps/*'] })).not.toBe(before);
  });

  it.each<[string, UserSettings]>([
    ['a finder', { staticfilesFinders: ['file-system', finder] }],
    ['a processor', { postProcess: [processor] }],
    ['the module of a processor', { postProcess: ['./plugin.js'] }],
    ['a storage', { storages: { staticfiles: { backend: storage } } }],
    ['the storage of the manifest', { manifest: { storage: { backend: storage } } }],
    ['a scanner', { postProcess: [withScanner(() => ({ references: [], skipped: [], warnings: [] }))] }],
    ['the module of a scanner', { postProcess: [withScanner('./scan.js')] }],
  ])('is undefined with %s of your own', async (_, settings) => {
    expect(await digestOf(settings)).toBeUndefined();
  });
});

function withScanner(scan: string | Scanner) {
  return ['fingerprint', { references: { scanners: [{ files: ['*.x'], scan }] } }] as const;
}
