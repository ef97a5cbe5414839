import { describe, expect, it } from 'vitest';
import { askToOverwrite, overwriteText } from '../../src/cli/prompt.js';
import { type FakeTerminal, fakeTerminal, Recorder } from './fake-terminal.js';

const question = { folder: '/project/out', clear: false };
const never = new AbortController().signal;

/** Asks on a terminal, and returns the answer. */
function ask({ stdin, stdout }: Pick<FakeTerminal, 'stdin' | 'stdout'>, signal = never): Promise<boolean> {
  return askToOverwrite(question, { reporter: { pause: () => stdout }, terminal: { stdin }, signal });
}

const TEXT = `
You have requested to collect static files at the destination
location as specified in your settings:

    /project/out

This will overwrite existing files!
Are you sure you want to do this?

Type 'yes' to continue, or 'no' to cancel: `;

describe('overwriteText', () => {
  it('names the destination', () => {
    expect(overwriteText(question)).toBe(TEXT);
  });

  it('warns that everything will be deleted', () => {
    expect(overwriteText({ ...question, clear: true })).toContain(
      '\nThis will DELETE ALL FILES in this location!\nAre you sure',
    );
  });

  it('says how many files would be deleted', () => {
    expect(overwriteText({ ...question, clear: 'all', files: 12 })).toContain(
      '\nThis will DELETE ALL FILES in this location (12 files)!\n',
    );
    expect(overwriteText({ ...question, clear: true, files: 1 })).toContain(' (1 file)!\n');
  });

  it('works without a destination', () => {
    expect(overwriteText({ clear: false })).toContain('location as specified in your settings.\n\nThis will');
  });
});

describe('askToOverwrite', () => {
  it.each([
    ['yes\n', true],
    ['yes\r\n', true],
    ['no\n', false],
    ['y\n', false],
    ['YES\n', false],
    ['\n', false],
  ])('%j counts as %s', async (answer, expected) => {
    const terminal = fakeTerminal({ isTTY: true });
    terminal.stdin.write(answer);
    expect(await ask(terminal)).toBe(expected);
    expect(terminal.stdout.text).toBe(TEXT);
  });

  it('the end of the input counts as no, and ends the line', async () => {
    const terminal = fakeTerminal({ isTTY: true });
    terminal.stdin.end();
    expect(await ask(terminal)).toBe(false);
    expect(terminal.stdout.text).toBe(`${TEXT}\n`);
  });

  it('stops asking when interrupted', async () => {
    const terminal = fakeTerminal({ isTTY: true });
    const controller = new AbortController();
    const asked = ask(terminal, controller.signal);
    const outcome = expect(asked).rejects.toMatchObject({ code: 'interrupted' });
    setImmediate(() => controller.abort());
    await outcome;
    expect(terminal.stdout.text.endsWith('\n')).toBe(true);
  });

  it('is interrupted by Ctrl-C on a terminal in raw mode', async () => {
    const { stdin } = fakeTerminal({ isTTY: true });
    stdin.write('\u0003');
    await expect(ask({ stdin, stdout: new Recorder({ isTTY: true }) })).rejects.toMatchObject({
      code: 'interrupted',
    });
  });

  it('does not ask if there is no terminal', async () => {
    const terminal = fakeTerminal();
    terminal.stdin.write('yes\n');
    await expect(ask(terminal)).rejects.toMatchObject({
      code: 'cancelled',
      message: expect.stringMatching(/'\/project\/out' is not empty.*--noinput/),
    });
    expect(terminal.stdout.text).toBe('');
  });
});
