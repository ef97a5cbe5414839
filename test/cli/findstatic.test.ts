import { describe, expect, test } from 'vitest';
import { lines, run } from '../support/command.js';
import { newProject, type Project, SETTINGS } from '../support/project.js';

const SHOP = {
  'static/css/app.css': 'ours\n',
  'static/css/only.css': 'only\n',
  'static/notes~': 'private\n',
  'static/a b#c%.txt': 'odd\n',
  'vendor/lib.js': 'lib\n',
  'apps/shop/static/css/app.css': 'theirs\n',
  'apps/theme/static/css/app.css': 'ours\n',
};
const SHOP_SETTINGS = {
  ...SETTINGS,
  staticUrl: 'https://cdn.example/s/',
  staticfilesDirs: ['static', ['v', 'vendor']],
  installedApps: ['apps/*'],
};

const shop = (): Project => newProject(SHOP, SHOP_SETTINGS);

describe.concurrent('findstatic', () => {
  const found: [string, string[], string[]][] = [
    [
      'all matches',
      ['css/app.css'],
      [
        "Found 'css/app.css' here:",
        '  {TMP}/static/css/app.css',
        '  {TMP}/apps/shop/static/css/app.css',
        '  {TMP}/apps/theme/static/css/app.css',
      ],
    ],
    [
      'the first one',
      ['--first', 'css/app.css'],
      ["Found 'css/app.css' here:", '  {TMP}/static/css/app.css'],
    ],
    [
      'bare paths',
      ['-v', '0', 'css/app.css', 'v/lib.js'],
      [
        '{TMP}/static/css/app.css',
        '{TMP}/apps/shop/static/css/app.css',
        '{TMP}/apps/theme/static/css/app.css',
        '{TMP}/vendor/lib.js',
      ],
    ],
    ['a URL', ['-v', '0', 'https://cdn.example/s/css/only.css?v=1#top'], ['{TMP}/static/css/only.css']],
    ['an escaped URL', ['-v', '0', 'https://cdn.example/s/a%20b%23c%25.txt'], ['{TMP}/static/a b#c%.txt']],
    ['an odd name', ['-v', '0', 'a b#c%.txt'], ['{TMP}/static/a b#c%.txt']],
    [
      'a folder',
      ['-v', '0', 'css'],
      ['{TMP}/static/css', '{TMP}/apps/shop/static/css', '{TMP}/apps/theme/static/css'],
    ],
  ];
  test.each(found)('%s', async (_, argv, expected) => {
    const result = await run(shop(), 'findstatic', argv);
    expect(result).toMatchObject({ exit: 0, stderr: '' });
    expect(lines(result.stdout)).toEqual(expected);
  });

  const missing: [string, string, string][] = [
    ['a similar name', 'css/aap.css', 'css/app.css'],
    ['a private file', 'notes~', '*~'],
  ];
  test.each(missing)('%s exits with 1 and a hint', async (_, name, hint) => {
    const result = await run(shop(), 'findstatic', [name]);
    expect(result).toMatchObject({ exit: 1, stdout: '' });
    expect(result.stderr).toContain(name);
    expect(result.stderr).toContain(hint);
    expect(result.stderr).not.toContain('    at ');
  });

  test.each(['../static/css/app.css', '/etc/passwd', 'https://elsewhere.example/s/css/app.css'])(
    '%s is outside of the static files: wrong usage',
    async (name) => {
      const result = await run(shop(), 'findstatic', [name]);
      expect(result).toMatchObject({ exit: 2, stdout: '', stderr: expect.stringContaining(`'${name}'`) });
      expect(result.stderr).not.toMatch(/^ {4}at /m);
    },
  );

  test('-v 2 shows searched folders, settings, the winner, and whether the bytes are equal', async () => {
    const { stdout } = await run(shop(), 'findstatic', ['-v', '2', 'css/app.css']);
    expect(stdout).toContain('Looking in the following locations:');
    const line = (part: string) =>
      lines(stdout)
        .filter((each) => each.includes(part))
        .join('\n');
    expect(line('{TMP}/static/css/app.css')).toContain('staticfilesDirs[0]');
    expect(line('{TMP}/apps/shop/static/css/app.css')).toContain('installedApps[0]');
    expect(line('{TMP}/apps/shop/static/css/app.css')).toContain('differ');
    expect(line('{TMP}/apps/theme/static/css/app.css')).toContain('same');
  });

  test('--json prints one document, even if a name has no match', async () => {
    const result = await run(shop(), 'findstatic', ['--json', 'css/only.css', 'none.css']);
    expect(result).toMatchObject({ exit: 1, stderr: '' });
    const text = JSON.stringify(JSON.parse(result.stdout));
    expect(text).toContain('{TMP}/static/css/only.css');
    expect(text).toContain('none.css');
  });
});
