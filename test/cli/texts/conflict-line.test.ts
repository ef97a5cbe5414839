import { expect, it } from 'vitest';
import { conflictLine } from '../../../src/cli/texts/collect.js';
import { conflict } from '../examples.js';

const LINE =
  "Found another file with the destination path 'css/app.css'. " +
  'It will be ignored since only the first encountered file is collected: ' +
  "'/project/assets/css/app.css' from staticfilesDirs[0] wins over " +
  "'/project/apps/blog/static/css/app.css' from installedApps[0]; ";

it('says that the bytes differ', () => {
  expect(conflictLine(conflict(() => false))).toBe(`${LINE}their bytes differ.`);
});

it('says that the bytes are the same', () => {
  expect(conflictLine(conflict(() => true))).toBe(`${LINE}their bytes are the same.`);
});

it('survives a file that is gone by then', () => {
  const vanished = () => {
    throw new Error('ENOENT');
  };
  expect(conflictLine(conflict(vanished))).toContain('could not be compared');
});
