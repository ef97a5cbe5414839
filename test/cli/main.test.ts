import { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { addCommon, type Run } from '../../src/cli/commands/command.js';
import { execute, main } from '../../src/cli/main.js';
import { StaticFilesError } from '../../src/errors.js';
import { newProject } from '../support/project.js';
import { fakeTerminal } from './fake-terminal.js';

const site = () => newProject({ 'static/a.css': 'a {}', 'root/mine.txt': 'mine' });

describe('collectstatic asks before it overwrites', () => {
  it.each<[answer: string, exitCode: number, published: string[]]>([
    ['yes\n', 0, ['a.css', 'mine.txt']],
    ['no\n', 1, ['mine.txt']],
  ])('%j ends with %i', async (answer, exitCode, published) => {
    const project = site();
    const terminal = fakeTerminal({ isTTY: true, cwd: project.dir });
    terminal.stdin.write(answer);
    expect(await main('collectstatic', [], terminal)).toBe(exitCode);
    expect(terminal.stdout.text).toContain("Type 'yes' to continue");
    expect(terminal.stderr.text).toBe(exitCode === 0 ? '' : 'Collecting static files cancelled.\n');
    expect(Object.keys(project.texts())).toEqual(published);
  });

  it('on standard error with --json', async () => {
    const terminal = fakeTerminal({ isTTY: true, cwd: site().dir });
    terminal.stdin.write('no\n');
    expect(await main('collectstatic', ['--json'], terminal)).toBe(1);
    expect(JSON.parse(terminal.stdout.text)).toMatchObject({ error: { code: 'cancelled' } });
    expect(terminal.stderr.text).toContain("Type 'yes' to continue");
  });

  it.each<[env: Record<string, string>, isTTY: boolean, argv: string[], exitCode: number]>([
    [{ CI: 'true' }, false, [], 0],
    [{ CI: '1' }, false, [], 0],
    [{}, false, [], 1],
    [{ CI: '' }, false, [], 1],
    [{ CI: 'false' }, false, [], 1],
    [{ CI: 'true' }, true, [], 1],
    [{ CI: 'true' }, false, ['--clear=all'], 1],
    [{ CI: 'true' }, false, ['--prune'], 1],
  ])('with %j, on a terminal: %j, %j ends with %i', async (env, isTTY, argv, exitCode) => {
    const project = site();
    const terminal = fakeTerminal({ isTTY, env, cwd: project.dir });
    terminal.stdin.end();
    expect(await main('collectstatic', argv, terminal)).toBe(exitCode);
    expect(Object.keys(project.texts())).toEqual(exitCode === 0 ? ['a.css', 'mine.txt'] : ['mine.txt']);
  });

  it.each(['--noinput', '--dry-run'])('but not with %s', async (flag) => {
    const terminal = fakeTerminal({ isTTY: true, cwd: site().dir });
    expect(await main('collectstatic', [flag], terminal)).toBe(0);
    expect(terminal.stdout.text).not.toContain('continue');
  });
});

describe('execute', () => {
  const exec = (terminal: ReturnType<typeof fakeTerminal>, run: Run<object>) =>
    execute(terminal, 'cache', addCommon(new Command(), []).parse([]), run);
  const terminal = () => fakeTerminal({ cwd: site().dir });

  it('returns the exit code of the command', async () => {
    expect(await exec(terminal(), async () => 1)).toBe(1);
  });

  it('reports a failure and returns its exit code', async () => {
    const used = terminal();
    const failing = async () => {
      throw new StaticFilesError('usage', 'The argument is wrong.');
    };
    expect(await exec(used, failing)).toBe(2);
    expect(used.stderr.text).toBe('The argument is wrong.\n');
  });

  it('returns the exit code of the signal that stopped the command, and stops listening', async () => {
    const used = terminal();
    const waiting: Run<object> = ({ signal }) =>
      new Promise((_, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason));
        used.signals.send('SIGTERM');
      });
    expect(await exec(used, waiting)).toBe(143);
    expect(used.stderr.text).toBe('Interrupted.\n');
    expect(used.signals.eventNames()).toEqual([]);
  });

  it('is stopped by a signal while the settings are loaded', async () => {
    const project = site();
    project.write({ 'never.config.mjs': 'await new Promise(() => {});' });
    const used = fakeTerminal({ cwd: project.dir });
    const collecting = main('collectstatic', ['--settings', 'never.config.mjs'], used);
    setTimeout(() => used.signals.send('SIGINT'), 100);
    expect(await collecting).toBe(130);
    expect(project.texts()).toEqual({ 'mine.txt': 'mine' });
  });
});
