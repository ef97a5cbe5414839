import { expect, test } from 'vitest';
import { collect, run } from '../support/command.js';
import { newProject, type Project, SETTINGS } from '../support/project.js';

const TREE = {
  'static/a.css': 'a{}',
  'static/a.css.map': '{"sourcesContent":["secret"]}',
  'static/robots.txt': 'robots',
  'static/js/vendor/v.js': '1',
  'static/assets/app-BxY3k9Qa.js': 'export {};',
  'lib/js/l.js': '1',
};

/** What a run warns of, without the settings file's name. */
async function warningsOf(project: Project, argv: string[] = []): Promise<string[]> {
  const { stderr, exit } = await collect(project, argv);
  expect(exit).toBe(0);
  const lines = stderr.split('\n').filter(Boolean);
  return lines.map((line) => line.replace('Warning: staticfiles.config.json: ', ''));
}

function projectWith(settings: object): Project {
  return newProject(TREE, { ...SETTINGS, ...settings });
}

test.each([
  ['**/*.map', ['a.css.map']],
  ['*.{map,txt}', ['a.css.map', 'robots.txt']],
  ['js/vendor', ['js/vendor/v.js']],
  ['js/vendor/', ['js/vendor/v.js']],
  ['/a.css', ['a.css']],
])('the ignore pattern %j hides what it says', async (pattern, hidden) => {
  const project = projectWith({ ignore: [pattern] });
  expect(await warningsOf(project)).toEqual([]);
  const names = Object.keys(TREE).flatMap((name) => (name.startsWith('static/') ? name.slice(7) : []));
  expect(names.filter((name) => !(name in project.texts()))).toEqual(hidden);
});

test.each([
  ['/vendor', "Did you mean 'vendor'?"],
  ['js/vendr', "Did you mean 'js/vendor'?"],
  ['static/js/vendor/*', "Did you mean 'js/vendor/*'?"],
  ['.map', "Did you mean '*.map'?"],
  ['*.MAP', "Did you mean '*.map'?"],
  ['nothing-like-it', 'Correct or remove it.'],
])('an ignore pattern that hides nothing is warned of: %j', async (pattern, hint) => {
  const project = projectWith({ ignore: ['*.txt', pattern] });
  expect(await warningsOf(project)).toEqual([`ignore[1]: '${pattern}' matches no file. ${hint}`]);
  expect(await warningsOf(projectWith({}), ['-i', pattern])).toEqual([]);
});

test('a pattern with the prefix of its folder is warned of', async () => {
  const project = projectWith({ staticfilesDirs: [['lib', 'lib']], ignore: ['lib/js/*'] });
  expect(await warningsOf(project)).toEqual(["ignore[0]: 'lib/js/*' matches no file. Did you mean 'js/*'?"]);
});

test('a pattern of one entry that matches nothing there is warned of', async () => {
  const dirs = ['static', { dir: 'lib', include: ['js', 'css/*.css'], ignore: ['a.css'] }];
  expect(await warningsOf(projectWith({ staticfilesDirs: dirs }))).toEqual([
    "staticfilesDirs[1].include[1]: 'css/*.css' matches no file. Correct or remove it.",
    "staticfilesDirs[1].ignore[0]: 'a.css' matches no file. Correct or remove it.",
  ]);
});

test('globs of fingerprint that match nothing are warned of', async () => {
  const options = {
    exclude: ['robot.txt', 'a.css'],
    prehashed: ['build/**', 'asset/**'],
    missing: [{ files: 'js/*.js', action: 'ignore' }],
  };
  const project = projectWith({ postProcess: [['fingerprint', options]] });
  expect(await warningsOf(project)).toEqual([
    "postProcess[0][1].exclude[0]: 'robot.txt' matches no file. Did you mean 'robots.txt'?",
    "postProcess[0][1].prehashed[0]: 'build/**' matches no file. Correct or remove it.",
    "postProcess[0][1].prehashed[1]: 'asset/**' matches no file. Did you mean 'assets/**'?",
    "postProcess[0][1].missing[0].files: 'js/*.js' matches no file. Did you mean 'js/**/*.js'?",
  ]);
  expect(await warningsOf(project, ['--no-post-process'])).toEqual([]);
});

test('a run without static files says where it looked', async () => {
  const project = newProject({ 'static/.keep': '' }, SETTINGS);
  expect((await run(project, 'collectstatic', ['--noinput'])).stdout).toMatch(
    /^\n0 static files · 0 published \(0 B\) in \d+\.\d s\nLooked in:\n {2}\{TMP\}\/static\n$/,
  );
});
