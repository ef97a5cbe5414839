import { describe, expect, it } from 'vitest';
import { problemText } from '../../src/plugins/options.js';
import { validateSettings } from '../../src/settings/validate.js';

/** A value of each setting in each of its forms. */
const good: [string, unknown][] = [
  ['staticRoot', 'out'],
  ['staticUrl', '/static/'],
  ['staticfilesDirs', []],
  ['installedApps', ['apps/*']],
  ['staticfilesFinders', ['file-system', './finder.js', { name: 'mine' }]],
  ['storages', { staticfiles: {} }],
  [
    'storages',
    { staticfiles: { backend: 'filesystem', options: { location: 'out', filePermissions: '644' } } },
  ],
  ['storages', { staticfiles: { backend: 'filesystem', options: { directoryPermissions: null } } }],
  ['storages', { staticfiles: { backend: './s.js', options: { bucket: 'b', deep: { x: 1 } } } }],
  ['storages', { staticfiles: { backend: { name: 'mine' } } }],
  ['postProcess', ['a', ['b', { level: 9 }], { name: 'c' }]],
  ['ignore', ['*.map']],
  ['conflicts', 'error'],
  ['vendorLinks', 'error'],
  ['cacheDir', '.cache'],
  ['mediaRoot', 'media'],
  ['mediaUrl', '/media/'],
  ['postProcess', [['fingerprint', { references: { scanners: [{ files: '*.x', scan: './x.js' }] } }]]],
];

it.each(good)('accepts %s: %j', async (key, value) => {
  expect(await validateSettings({ [key]: value })).toEqual({ settings: { [key]: value }, problems: [] });
});

/** A wrong value, and the problem in one line. */
const wrong: [object, string][] = [
  [{ staticRoot: 42 }, 'staticRoot: expected a path, got 42. (staticfiles.E007)'],
  [{ staticRoot: '' }, "staticRoot: expected a path that is not empty, got ''. (staticfiles.E007)"],
  [
    { staticRoot: 'a\0b' },
    "staticRoot: expected a path without NUL characters, got 'a\\x00b'. (staticfiles.E007)",
  ],
  [{ staticRoot: null }, 'staticRoot: expected a path, got null. (staticfiles.E007)'],
  [
    { staticUrl: ['/static/'] },
    "staticUrl: expected a string that is not empty, got [ '/static/' ]. (staticfiles.E007)",
  ],
  [{ staticfilesDirs: 'static' }, "staticfilesDirs: expected a list, got 'static'. (staticfiles.E001)"],
  [{ installedApps: 'apps/*' }, "installedApps: expected a list, got 'apps/*'. (staticfiles.E007)"],
  [
    { staticfilesFinders: 'file-system' },
    "staticfilesFinders: expected a list, got 'file-system'. (staticfiles.E007)",
  ],
  [
    { staticfilesFinders: [7] },
    "staticfilesFinders[0]: expected a finder's name or an object with a finder's methods, got 7. (staticfiles.E007)",
  ],
  [{ storages: [] }, 'storages: expected an object with the key staticfiles, got []. (staticfiles.E007)'],
  [{ storages: {} }, 'storages.staticfiles: this key is required. (staticfiles.E005)'],
  [
    { storages: { staticfiles: 's3' } },
    "storages.staticfiles: expected an object with the keys backend, options and afterPublish, got 's3'. (staticfiles.E007)",
  ],
  [
    { storages: { staticfiles: { backend: 42 } } },
    "storages.staticfiles.backend: expected a storage's name or an object with a storage's methods, got 42. (staticfiles.E007)",
  ],
  [
    { storages: { staticfiles: { backend: './s.js', options: 1 } } },
    'storages.staticfiles.options: expected an object, got 1. (staticfiles.E007)',
  ],
  [
    { storages: { staticfiles: { options: { location: 1 } } } },
    'storages.staticfiles.options.location: expected a path, got 1. (staticfiles.E007)',
  ],
  [
    { storages: { staticfiles: { options: { filePermissions: 'rw' } } } },
    'storages.staticfiles.options.filePermissions: expected octal text such as "644", a number such as 0o644, or null for the umask, got \'rw\'. (staticfiles.E007)',
  ],
  [
    { storages: { staticfiles: { backend: 's3', options: {} } } },
    'storages.staticfiles.options.bucket: this key is required. (staticfiles.E007)',
  ],
  [
    { storages: { staticfiles: { backend: 's3', options: { bucket: 'b', credentials: 'AKIA' } } } },
    'storages.staticfiles.options.credentials: expected an object with accessKeyId and secretAccessKey, or a function that returns one, got another value. (staticfiles.E007)',
  ],
  [
    { storages: { staticfiles: { backend: { name: 'mine' }, options: {} } } },
    'storages.staticfiles.options: expected no options, as the backend is an object, got {}. (staticfiles.E007)',
  ],
  [{ postProcess: [['a']] }, 'postProcess[0][1]: this entry is required. (staticfiles.E007)'],
  [{ postProcess: [['a', 1]] }, 'postProcess[0][1]: expected an object, got 1. (staticfiles.E007)'],
  [
    { postProcess: ['a', ''] },
    "postProcess[1]: expected a string that is not empty, got ''. (staticfiles.E007)",
  ],
  [
    { postProcess: [['fingerprint', { hash: { length: 4 } }]] },
    'postProcess[0][1].hash.length: expected a whole number from 8 to 32, got 4. (staticfiles.E007)',
  ],
  [{ ignore: '*.map' }, "ignore: expected a list of ignore patterns, got '*.map'. (staticfiles.E007)"],
  [{ ignore: ['a', 2] }, 'ignore[1]: expected a string that is not empty, got 2. (staticfiles.E007)'],
  [
    { vendorLinks: 'ignore' },
    "vendorLinks: expected 'warn', 'error' or 'allow', got 'ignore'. (staticfiles.E007)",
  ],
  [
    { conflicts: 'eror' },
    "conflicts: expected 'allow' or 'error', got 'eror'. Did you mean 'error'? (staticfiles.E007)",
  ],
  [{ mediaRoot: {} }, 'mediaRoot: expected a path, got {}. (staticfiles.E007)'],
];

describe('a wrong value', () => {
  it.each(wrong)('%j is reported as %s', async (settings, line) => {
    const { problems } = await validateSettings(settings);
    expect(problems.map((problem) => problemText(problem))).toEqual([line]);
  });

  it('is shortened if it is long', async () => {
    const { problems } = await validateSettings({ staticRoot: ['x'.repeat(500)] });
    expect(problems[0]!.message.length).toBeLessThan(150);
  });
});

describe('an unknown key', () => {
  it.each([
    [{ staticRot: 'x' }, 'staticRot', 'setting', 'staticRoot'],
    [{ STATIC_URL: 'x' }, 'STATIC_URL', 'setting', 'staticUrl'],
    [{ storages: { staticfiles: { backnd: 'x' } } }, 'storages.staticfiles.backnd', 'setting', 'backend'],
    [
      { storages: { staticfiles: { options: { locaton: 'x' } } } },
      'storages.staticfiles.options.locaton',
      "option of the storage 'filesystem'",
      'location',
    ],
    [
      { postProcess: [['fingerprint', { exlude: [] }]] },
      'postProcess[0][1].exlude',
      "option of the processor 'fingerprint'",
      'exclude',
    ],
    [
      {
        storages: {
          staticfiles: { afterPublish: ['cloudfront', { distributionId: 'E1', region: 'x', basPath: '/' }] },
        },
      },
      'storages.staticfiles.afterPublish[1].basPath',
      "option of the hook 'cloudfront'",
      'basePath',
    ],
  ])('%j gets the nearest one as suggestion', async (settings, key, noun, nearest) => {
    const { problems } = await validateSettings(settings);
    expect(problems).toEqual([
      { code: 'E006', key, message: `unknown ${noun}.`, hint: `Did you mean '${nearest}'?` },
    ]);
  });

  it('gets the allowed ones if none is near', async () => {
    const { problems } = await validateSettings({ release: { id: 'v1', published: 1 } });
    expect(problems).toMatchObject([{ key: 'release.published', hint: 'Allowed: id.' }]);
  });

  it('may be a key that every object has', async () => {
    const { problems } = await validateSettings({ constructor: 1, toString: 2 });
    expect(problems.map(({ code }) => code)).toEqual(['E006', 'E006']);
  });
});

it('reports all problems, and keeps the valid keys', async () => {
  const storages = { default: {}, media: {} };
  const { settings, problems } = await validateSettings({
    staticRoot: 1,
    conflicts: 2,
    ignore: [3, 4],
    storages,
    cacheDir: 'c',
  });
  expect(settings).toEqual({ cacheDir: 'c' });
  expect(problems.map(({ code }) => code).sort()).toEqual([
    'E005',
    'E006',
    'E006',
    'E007',
    'E007',
    'E007',
    'E007',
  ]);
});

it('treats undefined as absent', async () => {
  expect(await validateSettings({ staticRoot: undefined })).toEqual({ settings: {}, problems: [] });
});

it('ignores the key that names the JSON schema', async () => {
  const $schema = './node_modules/staticfiles/schemas/settings.json';
  expect(await validateSettings({ $schema, conflicts: 'error' })).toEqual({
    settings: { conflicts: 'error' },
    problems: [],
  });
});
