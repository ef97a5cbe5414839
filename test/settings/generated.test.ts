import { Ajv } from 'ajv';
import { expect, it } from 'vitest';
import { appDirectories } from '../../src/settings/installed-apps.js';
import type { UserSettings } from '../../src/settings/settings.js';
import { staticDirs } from '../../src/settings/source-folders.js';
import { validateSettings } from '../../src/settings/validate.js';
import { newFolder } from './folder.js';
import { settingsPage } from './generate/settings-page.js';
import { settingsJsonSchema } from './generate/settings-schema.js';

it('schemas/settings.json is current (npm run generate)', async () => {
  const schema = JSON.stringify(await settingsJsonSchema(), null, 2);
  await expect(`${schema}\n`).toMatchFileSnapshot('../../schemas/settings.json');
});

it('docs/settings.md is current (npm run generate)', async () => {
  await expect(await settingsPage()).toMatchFileSnapshot('../../docs/settings.md');
});

/** Settings in JSON, and whether they are valid. */
const cases: [isValid: boolean, settings: object][] = [
  [true, {}],
  [true, { $schema: './schemas/settings.json', staticRoot: 'out', staticUrl: '/s/' }],
  [false, { staticRot: 'out' }],
  [false, { staticRoot: '' }],
  [false, { staticRoot: 1 }],
  [true, { staticfilesDirs: ['a', ['p', 'b'], { dir: 'c' }, { prefix: 'p', dir: 'd' }] }],
  [false, { staticfilesDirs: 'a' }],
  [false, { staticfilesDirs: [['p', 'b', 'c']] }],
  [false, { staticfilesDirs: [{ dirr: 'c' }] }],
  [true, { installedApps: ['apps/*', { app: 'boot', dir: 'dist', prefix: 'b' }] }],
  [false, { installedApps: [{ dir: 'dist' }] }],
  [true, { staticfilesFinders: ['file-system', './mine.js'] }],
  [false, { staticfilesFinders: [''] }],
  [true, { ignore: ['*.map'] }],
  [false, { ignore: '*.map' }],
  [true, { conflicts: 'error', vendorLinks: 'allow' }],
  [false, { conflicts: 'eror' }],
  [true, { postProcess: ['fingerprint', 'compress', './mine.js', ['some-package', { any: [1] }]] }],
  [true, { postProcess: [['fingerprint', { exclude: ['robots.txt'], hash: { length: 8 } }]] }],
  [false, { postProcess: [['fingerprint', { exlude: ['robots.txt'] }]] }],
  [false, { postProcess: [['fingerprint', { hash: { length: 4 } }]] }],
  [false, { postProcess: [['fingerprint', { hash: { lenght: 8 } }]] }],
  [true, { postProcess: [['fingerprint', { missing: [{ files: 'a/**', action: 'warn' }] }]] }],
  [false, { postProcess: [['fingerprint', { missing: [{ action: 'no' }] }]] }],
  [
    true,
    { postProcess: [['fingerprint', { references: { scanners: [{ files: '*.x', scan: './x.js' }] } }]] },
  ],
  [true, { postProcess: [['compress', { encodings: ['br'], originals: true }]] }],
  [false, { postProcess: [['compress', { encodings: ['rar'] }]] }],
  [false, { postProcess: [['compress']] }],
  [true, { storages: { staticfiles: {} } }],
  [false, { storages: {} }],
  [false, { storages: { staticfiles: {}, default: {} } }],
  [
    true,
    { storages: { staticfiles: { options: { location: 'x', filePermissions: '640', durable: true } } } },
  ],
  [true, { storages: { staticfiles: { options: { directoryPermissions: null } } } }],
  [false, { storages: { staticfiles: { options: { locaton: 'x' } } } }],
  [false, { storages: { staticfiles: { options: { filePermissions: 'rw' } } } }],
  [true, { storages: { staticfiles: { backend: 's3', options: { bucket: 'b', prefix: 'p', maxAge: 0 } } } }],
  [
    true,
    { storages: { staticfiles: { backend: 's3', options: { bucket: 'b', headers: { '*.pdf': {} } } } } },
  ],
  [false, { storages: { staticfiles: { backend: 's3', options: { bucket: 'b', headers: [] } } } }],
  [false, { storages: { staticfiles: { backend: 's3' } } }],
  [false, { storages: { staticfiles: { backend: 's3', options: { bukket: 'b' } } } }],
  [false, { storages: { staticfiles: { backend: 's3', options: { bucket: 'b', partSize: 5 } } } }],
  [true, { storages: { staticfiles: { backend: 'gcs', options: { bucket: 'b', chunkSize: 262144 } } } }],
  [false, { storages: { staticfiles: { backend: 'gcs', options: { bucket: 'b', chunkSize: 262145 } } } }],
  [true, { storages: { staticfiles: { backend: 'azure', options: { container: 'c', accountName: 'a' } } } }],
  [false, { storages: { staticfiles: { backend: 'azure', options: { container: 1 } } } }],
  [
    true,
    { storages: { staticfiles: { backend: 'rsync', options: { hosts: ['web1:/srv/'], ssh: ['ssh'] } } } },
  ],
  [false, { storages: { staticfiles: { backend: 'rsync', options: { hosts: [] } } } }],
  [true, { storages: { staticfiles: { backend: './mine.js', options: { any: 1 } } } }],
  [true, { storages: { staticfiles: { afterPublish: ['cloudfront', { distributionId: 'E1' }] } } }],
  [false, { storages: { staticfiles: { afterPublish: ['cloudfront', { distribution: 'E1' }] } } }],
  [true, { manifest: { name: 'm.json', storage: { options: { location: 'x' } } } }],
  [false, { manifest: { name: 'm.txt' } }],
  [false, { manifest: { storage: { afterPublish: './x.js' } } }],
  [true, { release: { id: 'auto' } }],
  [false, { release: {} }],
  [true, { importmap: { entries: { lit: 'lit.js', 'a/': 'b/' }, file: 'importmap.json' } }],
  [false, { importmap: { entries: { lit: 1 } } }],
  [true, { cacheDir: '.cache', mediaRoot: 'm', mediaUrl: '/m/' }],
];

const valid = new Ajv({ strict: false, allErrors: true }).compile((await settingsJsonSchema()) as object);

it.each(cases)('the schema and the checks agree: %s for %j', async (isValid, settings) => {
  const { problems } = await validateSettings(settings);
  const { staticfilesDirs = [], installedApps = [] } = settings as UserSettings;
  const folder = newFolder({ 'node_modules/boot/package.json': '{}' });
  const entries = Array.isArray(staticfilesDirs) ? staticDirs(staticfilesDirs, folder).problems : [];
  const apps = (await appDirectories(installedApps, folder)).problems;
  const errors = [...problems, ...entries, ...apps].filter(({ code }) => code.startsWith('E'));
  expect({ checks: errors, schema: valid(settings) }).toEqual({
    checks: isValid ? [] : expect.arrayContaining([expect.anything()]),
    schema: isValid,
  });
});
