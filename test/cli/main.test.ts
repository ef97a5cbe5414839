import { expect, it } from 'vitest';
import { main } from '../../src/cli/main.js';
import { fakeTerminal } from './fake-terminal.js';

it('ends with 0 after --help', async () => {
  expect(await main('staticfiles', ['--help'], fakeTerminal())).toBe(0);
});

it('ends with 2 after wrong usage', async () => {
  expect(await main('findstatic', [], fakeTerminal())).toBe(2);
});
