import { describe, expect, it } from 'vitest';
import { validateSettings } from '../../src/settings/validate.js';

/** A value of each setting, and the forms that it can have. */
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
];

it.each(good)('takes %s: %j', async (key, value) => {
  expect(await validateSettings({ [key]: value })).toEqual({ settings: { [key]: value }, messages: [] });
});

/** A wrong value, the code, and words of the message. */
const wrong: [object, string, string][] = [
  [{ staticRoot: 42 }, 'E007', 'staticRoot is 42; expected a path.'],
  [{ staticRoot: '' }, 'E007', "staticRoot is ''; expected a path that is not empty."],
  [{ staticRoot: 'a\0b' }, 'E007', 'without NUL'],
  [{ staticRoot: null }, 'E007', 'staticRoot is null; expected a path.'],
  [{ staticUrl: ['/static/'] }, 'E007', "staticUrl is [ '/static/' ]; expected a string."],
  [{ staticfilesDirs: 'static' }, 'E001', 'The staticfilesDirs setting is not a list.'],
  [{ installedApps: 'apps/*' }, 'E007', "installedApps is 'apps/*'; expected a list."],
  [{ staticfilesFinders: 'file-system' }, 'E007', 'expected a list.'],
  [{ staticfilesFinders: [7] }, 'E007', "staticfilesFinders[0] is 7; expected a finder's name"],
  [{ storages: [] }, 'E007', 'storages is []; expected an object with the key staticfiles.'],
  [{ storages: {} }, 'E005', 'The storages setting must define a staticfiles storage.'],
  [
    { storages: { staticfiles: 's3' } },
    'E007',
    "storages.staticfiles is 's3'; expected an object with the keys",
  ],
  [{ storages: { staticfiles: { backend: 42 } } }, 'E007', 'storages.staticfiles.backend is 42; expected'],
  [{ storages: { staticfiles: { backend: () => 1 } } }, 'E007', 'storages.staticfiles.backend is a function'],
  [{ storages: { staticfiles: { backend: './s.js', options: 1 } } }, 'E007', 'expected an object.'],
  [
    { storages: { staticfiles: { options: { location: 1 } } } },
    'E007',
    'options.location is 1; expected a path.',
  ],
  [
    { storages: { staticfiles: { backend: { name: 'mine' }, options: {} } } },
    'E007',
    'expected no options, as the backend is a value.',
  ],
  [{ postProcess: [['a']] }, 'E007', 'postProcess[0][1] is missing; expected'],
  [{ postProcess: [['a', 1]] }, 'E007', 'postProcess[0][1] is 1; expected an object.'],
  [{ postProcess: ['a', ''] }, 'E007', "postProcess[1] is ''; expected a string that is not empty."],
  [{ ignore: '*.map' }, 'E007', 'expected a list of fnmatch patterns.'],
  [{ ignore: ['a', 2] }, 'E007', 'ignore[1] is 2; expected a string.'],
  [{ vendorLinks: 'ignore' }, 'E007', "vendorLinks is 'ignore'; expected 'warn', 'error' or 'allow'."],
  [{ conflicts: 'warn' }, 'E007', "conflicts is 'warn'; expected 'allow' or 'error'."],
  [{ mediaRoot: {} }, 'E007', 'mediaRoot is {}; expected a path.'],
];

describe('a wrong value', () => {
  it.each(wrong)('%j is %s', async (settings, code, words) => {
    const { messages } = await validateSettings(settings);
    expect(messages).toEqual([expect.objectContaining({ code, message: expect.stringContaining(words) })]);
  });

  it('is shortened where it is long', async () => {
    const { messages } = await validateSettings({ staticRoot: ['x'.repeat(500)] });
    expect(messages[0]!.message.length).toBeLessThan(150);
  });

  it('near an allowed one gets a suggestion', async () => {
    const { messages } = await validateSettings({ conflicts: 'eror' });
    expect(messages[0]!.hint).toBe("Did you mean 'error'?");
  });
});

describe('an unknown key', () => {
  it.each([
    [{ staticRot: 'x' }, 'staticRot', 'staticRoot'],
    [{ STATIC_URL: 'x' }, 'STATIC_URL', 'staticUrl'],
    [{ storages: { staticfiles: { backnd: 'x' } } }, 'storages.staticfiles.backnd', 'backend'],
    [
      { storages: { staticfiles: { options: { locaton: 'x' } } } },
      'storages.staticfiles.options.locaton',
      'location',
    ],
  ])('%j is told with its value, the nearest key and all allowed ones', async (settings, name, nearest) => {
    const { messages } = await validateSettings(settings);
    expect(messages).toEqual([
      {
        code: 'E006',
        message: `Unknown setting '${name}' (its value is 'x').`,
        hint: expect.stringMatching(`^Did you mean '${nearest}'\\? Allowed are: .*${nearest}`),
      },
    ]);
  });

  it('is no key that objects have anyway', async () => {
    const { messages } = await validateSettings({ constructor: 1, toString: 2 });
    expect(messages.map(({ code }) => code)).toEqual(['E006', 'E006']);
  });
});

it('tells of all that is wrong and keeps what is right', async () => {
  const storages = { default: {}, media: {} };
  const { settings, messages } = await validateSettings({
    staticRoot: 1,
    conflicts: 2,
    ignore: [3, 4],
    storages,
    cacheDir: 'c',
  });
  expect(settings).toEqual({ cacheDir: 'c' });
  expect(messages.map(({ code }) => code).sort()).toEqual([
    'E005',
    'E006',
    'E006',
    'E007',
    'E007',
    'E007',
    'E007',
  ]);
});

it('takes undefined for left out', async () => {
  expect(await validateSettings({ staticRoot: undefined })).toEqual({ settings: {}, messages: [] });
});
