import { expect, it } from 'vitest';
import type { Verbosity } from '../../../src/cli/reporter.js';
import { planLine } from '../../../src/cli/texts/collect.js';
import { originalOutput } from '../../../src/model/output.js';
import { copied, deleted, dirsRoot, fingerprinted, kept, linked } from '../examples.js';

const entries = { copied, linked, kept, deleted, fingerprinted };

it.each<[entry: keyof typeof entries, dryRun: boolean, verbosity: Verbosity, line: string | undefined]>([
  ['copied', false, 1, undefined],
  ['copied', false, 2, "Copying '/project/assets/a.css'"],
  ['copied', false, 3, "Copying '/project/assets/a.css' (new)"],
  ['copied', true, 0, undefined],
  ['copied', true, 1, "Pretending to copy '/project/assets/a.css'"],
  ['copied', true, 3, "Pretending to copy '/project/assets/a.css' (new)"],
  ['linked', false, 2, "Linking '/project/assets/a.css'"],
  ['linked', true, 1, "Pretending to link '/project/assets/a.css'"],
  ['linked', false, 3, "Linking '/project/assets/a.css' (file became link)"],
  ['deleted', false, 1, undefined],
  ['deleted', false, 2, "Deleting 'old/x.txt'"],
  ['deleted', true, 1, "Pretending to delete 'old/x.txt'"],
  ['kept', true, 1, undefined],
  ['kept', true, 2, "Skipping 'a.css' (not modified)"],
  ['kept', false, 2, "Skipping 'a.css' (not modified)"],
  ['kept', false, 3, "Skipping 'a.css' (not modified)"],
  ['fingerprinted', false, 2, "Post-processed 'a.css' as 'a.27e20196a850.css'"],
  ['fingerprinted', true, 1, "Pretending to post-process 'a.css' as 'a.27e20196a850.css'"],
  ['fingerprinted', false, 3, "Post-processed 'a.css' as 'a.27e20196a850.css' (changed)"],
])('%s, dry run %s, -v %d', (entry, dryRun, verbosity, line) => {
  expect(planLine(entries[entry], { dryRun, verbosity })).toBe(line);
});

it('keeps a name with a newline on its line', () => {
  const source = { logicalPath: 'a\nb\u009b', sourcePath: '/assets/a\nb\u009b', root: dirsRoot };
  const entry = { ...copied, publicPath: source.logicalPath, output: originalOutput(source) };
  expect(planLine(entry, { dryRun: false, verbosity: 2 })).toBe(String.raw`Copying '/assets/a\nb\u009b'`);
});
