import { describe, expect, it } from 'vitest';
import { colorsFor } from '../../src/cli/terminal.js';
import { Recorder } from './fake-terminal.js';

describe('colorsFor', () => {
  it.each<[what: string, isTTY: boolean, env: Record<string, string>, colored: boolean]>([
    ['a terminal', true, { TERM: 'xterm' }, true],
    ['a pipe', false, {}, false],
    ['a pipe in CI', false, { CI: 'true' }, false],
    ['a dumb terminal', true, { TERM: 'dumb' }, false],
    ['NO_COLOR', true, { NO_COLOR: '1' }, false],
    ['an empty NO_COLOR', true, { NO_COLOR: '' }, true],
    ['FORCE_COLOR on a pipe', false, { FORCE_COLOR: '1' }, true],
    ['FORCE_COLOR=0', true, { FORCE_COLOR: '0' }, false],
    ['NO_COLOR with FORCE_COLOR', true, { NO_COLOR: '1', FORCE_COLOR: '1' }, false],
  ])('%s', (_, isTTY, env, colored) => {
    const text = colorsFor(new Recorder({ isTTY }), env).red('x');
    expect(text).toBe(colored ? '\u001b[31mx\u001b[39m' : 'x');
  });
});
