import { expect, it } from 'vitest';
import { printable, printableName, quoted } from '../../src/text/printable.js';

/** Characters that a terminal obeys: C0, DEL, C1, and those that change the direction of a text or end a line. */
const COMMANDS = [
  '\u001b[31m',
  '\r',
  '\b',
  '\u007f',
  '\u009b31m',
  '\u0085',
  '\u202e',
  '\u2066',
  '\u200f',
  '\u2028',
  '\u061c',
];

it.each(COMMANDS)('the control characters of %j are escaped', (command) => {
  const name = `a${command}b.css`;
  const shown = `a${JSON.stringify(command).slice(1, -1)}b.css`.replace(
    /[\u007f-\uffff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  expect(printable(name)).toBe(shown);
  expect(printableName(name)).toBe(shown);
  expect(quoted(name)).toBe(`'${shown}'`);
});

it('newlines and tabs are kept in a text, and escaped in a name', () => {
  expect(printable('a\n\tb')).toBe('a\n\tb');
  expect(printableName('a\n\tb')).toBe('a\\n\\tb');
});

it('letters of every alphabet are kept', () => {
  expect(quoted('ü é 日本 \u{1f600}.css')).toBe("'ü é 日本 \u{1f600}.css'");
});
