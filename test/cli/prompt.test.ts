import { describe, expect, it } from 'vitest';
import { askToOverwrite, promptText } from '../../src/cli/prompt.js';
import { fakeTerminal, Recorder } from './fake-terminal.js';

const question = { folder: '/project/out', clear: false };
const never = new AbortController().signal;

const TEXT = `
You have requested to collect static files at the destination
location as specified in your settings:

    /project/out

This will overwrite existing files!
Are you sure you want to do this?

Type 'yes' to continue, or 'no' to cancel: `;

describe('promptText', () => {
  it('names the location', () => {
    expect(promptText(question)).toBe(TEXT);
  });

  it('says that everything will be deleted', () => {
    expect(promptText({ ...question, clear: true })).toContain(
      '\nThis will DELETE ALL FILES in this location!\nAre you sure',
    );
  });

  it('says how many files are at stake', () => {
    expect(promptText({ ...question, clear: 'all', files: 12 })).toContain(
      '\nThis will DELETE ALL FILES in this location (12 files)!\n',
    );
    expect(promptText({ ...question, clear: true, files: 1 })).toContain(' (1 file)!\n');
  });

  it('does without a location', () => {
    expect(promptText({ clear: false })).toContain('location as specified in your settings.\n\nThis will');
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
  ])('takes %j for %s', async (answer, expected) => {
    const { stdin: input, stdout: output } = fakeTerminal({ isTTY: true });
    input.write(answer);
    expect(await askToOverwrite(question, { input, output }, never)).toBe(expected);
    expect(output.text).toBe(TEXT);
  });

  it('takes the end of the input for a no, and ends the line', async () => {
    const { stdin: input, stdout: output } = fakeTerminal({ isTTY: true });
    input.end();
    expect(await askToOverwrite(question, { input, output }, never)).toBe(false);
    expect(output.text).toBe(`${TEXT}\n`);
  });

  it('stops asking when interrupted', async () => {
    const { stdin: input, stdout: output } = fakeTerminal({ isTTY: true });
    const controller = new AbortController();
    const asked = askToOverwrite(question, { input, output }, controller.signal);
    const outcome = expect(asked).rejects.toMatchObject({ code: 'interrupted' });
    setImmediate(() => controller.abort());
    await outcome;
    expect(output.text.endsWith('\n')).toBe(true);
  });

  it('takes Ctrl-C on a terminal in raw mode for an interruption', async () => {
    const { stdin: input } = fakeTerminal({ isTTY: true });
    const output = new Recorder({ isTTY: true });
    input.write('\u0003');
    await expect(askToOverwrite(question, { input, output }, never)).rejects.toMatchObject({
      code: 'interrupted',
    });
  });

  it('does not ask where there is no terminal', async () => {
    const { stdin: input, stdout: output } = fakeTerminal();
    input.write('yes\n');
    await expect(askToOverwrite(question, { input, output }, never)).rejects.toMatchObject({
      code: 'cancelled',
      message: expect.stringMatching(/'\/project\/out' is not empty.*--noinput/),
    });
    expect(output.text).toBe('');
  });
});
