import { describe, expect, it } from 'vitest';
import { createProgressLine } from '../../src/cli/progress.js';
import { Recorder } from './fake-terminal.js';

const ERASE = '\r\u001b[K';

function lineOnAClock(columns = 80) {
  const stream = new Recorder({ isTTY: true, columns });
  const clock = { now: 5000 };
  return { stream, clock, line: createProgressLine(stream, () => clock.now) };
}

describe('createProgressLine', () => {
  it('shows nothing during the first second', () => {
    const { stream, clock, line } = lineOnAClock();
    line.update('find', 0, 0);
    clock.now += 999;
    line.update('publish', 10, 20);
    line.erase();
    expect(stream.text).toBe('');
  });

  it('shows the stage after a second, and is erased once', () => {
    const { stream, clock, line } = lineOnAClock();
    line.update('find', 0, 0);
    clock.now += 1000;
    line.update('publish', 10, 20);
    line.erase();
    line.erase();
    expect(stream.text).toBe(`${ERASE}Publishing: 10 of 20${ERASE}`);
  });

  it('is redrawn at most ten times a second', () => {
    const { stream, clock, line } = lineOnAClock();
    line.update('find', 0, 0);
    clock.now += 1000;
    line.update('find', 0, 0);
    clock.now += 99;
    line.update('find', 7, 0);
    clock.now += 1;
    line.update('find', 8, 0);
    expect(stream.text).toBe(`${ERASE}Finding files…${ERASE}Finding files: 8`);
  });

  it('is narrower than the terminal', () => {
    const { stream, clock, line } = lineOnAClock(12);
    line.update('publish', 1, 2);
    clock.now += 1000;
    line.update('publish', 1, 2);
    expect(stream.text).toBe(`${ERASE}Publishing:`);
  });
});
