import { describe, expect, test } from 'vitest';
import { type Result, run } from '../support/command.js';
import { newProject, type Project, SETTINGS } from '../support/project.js';

/** Sets red, returns to the start of the line, sets red by C1, turns the direction, and adds a fake line. */
const NAME = 'a\u001b[31m\r\u009b31m\u202eb\nWarning: c.css';
const SHOWN = 'a\\u001b[31m\\r\\u009b31m\\u202eb\\nWarning: c.css';
/** Control characters except newlines and tabs, and the one that turns the direction. */
const COMMAND = /[^\P{Cc}\n\t]|\u202e/u;
/** One of these, or a newline from the name. */
const OBEYED = new RegExp(`${COMMAND.source}|\\nWarning: c\\.css`, 'u');

function shop(settings: object = {}): Project {
  const tree = { [`static/${NAME}`]: 'a{background:url(gone.png)}', [`other/${NAME}`]: 'b' };
  return newProject(tree, { ...SETTINGS, staticfilesDirs: ['static', 'other'], ...settings });
}

function expectShown({ stdout, stderr }: Result): void {
  expect(stdout).not.toMatch(OBEYED);
  expect(stderr).not.toMatch(OBEYED);
  expect(stdout + stderr).toContain(SHOWN);
}

const FINGERPRINT = { postProcess: [['fingerprint', { missing: 'warn' }]] };

describe.concurrent('control characters in a file name are escaped by', () => {
  test.each<[string, 'collectstatic' | 'findstatic', string[], object?]>([
    ['the plan', 'collectstatic', ['--noinput', '--dry-run', '-v', '3']],
    ['a warning', 'collectstatic', ['--noinput'], FINGERPRINT],
    ['an error', 'collectstatic', ['--noinput'], { postProcess: ['fingerprint'] }],
    ['a conflict', 'collectstatic', ['--noinput'], { conflicts: 'error' }],
    ['findstatic', 'findstatic', [NAME]],
    ['findstatic -v 0', 'findstatic', ['-v', '0', NAME]],
    ['findstatic -v 3', 'findstatic', ['-v', '3', NAME]],
    ['findstatic --why', 'findstatic', ['--why', NAME], FINGERPRINT],
    ['findstatic without a match', 'findstatic', [`x${NAME}`]],
  ])('%s', async (_, command, argv, settings) => {
    expectShown(await run(shop(settings), command, argv));
  });

  test.each([
    ['list', ['releases']],
    ['show', ['releases', 'show', 'v1', '-v', '2']],
    ['diff', ['releases', 'diff', 'v1', 'v2']],
    ['prune', ['prune', '--dry-run', '--keep', '1']],
  ])('staticfiles %s', async (_, argv) => {
    const project = shop({ ...FINGERPRINT, staticfilesDirs: ['static'] });
    await run(project, 'collectstatic', ['--noinput', '--release', 'v1']);
    project.write({ [`static/${NAME}`]: 'c{}' });
    await run(project, 'collectstatic', ['--noinput', '--release', 'v2']);
    const { stdout, stderr, exit } = await run(project, 'staticfiles', argv);
    expect({ exit, stderr }).toEqual({ exit: 0, stderr: '' });
    expect(stdout).not.toMatch(OBEYED);
  });

  test('a dangling link, a link to a parent folder, and a FIFO', async () => {
    const project = newProject({
      [`static/${NAME}/x`]: 'x',
      [`static/${NAME}/loop`]: { link: '..' },
      [`static/${NAME}/pipe`]: { fifo: true },
    });
    expectShown(await run(project, 'collectstatic', ['--noinput']));
    project.write({ [`static/gone${NAME}`]: { link: NAME } });
    expectShown(await run(project, 'collectstatic', ['--noinput']));
  });

  test('wrong usage', async () => {
    const { stderr } = await run(shop(), 'collectstatic', [`--${NAME}`]);
    expect(stderr).not.toMatch(COMMAND);
  });

  test('JSON', async () => {
    const { stdout } = await run(shop(), 'findstatic', ['--json', NAME]);
    expect(stdout).not.toMatch(OBEYED);
    expect(JSON.parse(stdout).results[0].name).toBe(NAME);
  });
});
