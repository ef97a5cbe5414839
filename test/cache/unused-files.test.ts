import path from 'node:path';
import { expect, it } from 'vitest';
import { openRecord, type RecordedFile } from '../../src/cache/record.js';
import { forgetUnused, rememberUnused, unusedFiles } from '../../src/cache/unused-files.js';
import { newProject } from '../support/project.js';

const NOW = Date.UTC(2026, 0, 1);

function entry(sourcePath: string): RecordedFile {
  const source = { size: 1, mtimeMs: 1, ctimeMs: 1, ino: 1 };
  return { sourcePath, source, hash: '', size: 1, targetMtimeMs: 1 };
}

/** Records runs with the paths that each publishes. The time of a run is its number. */
function runs(...published: string[][]) {
  const file = path.join(newProject({}).dir, 'record.bin');
  for (const [day, paths] of published.entries()) {
    const record = openRecord(file);
    for (const each of paths) {
      if (record.get(each)) record.keep(each);
      else record.set(each, entry(`/src/${each}`));
    }
    rememberUnused(record, () => paths, day);
    record.save(NOW);
  }
  return openRecord(file);
}

const known = (record: ReturnType<typeof openRecord>) =>
  unusedFiles(record).map(({ publicPath, since }) => `${publicPath} ${since}`);

it('a file is unused since the first run that did not publish it again', () => {
  const record = runs(['a', 'b', 'c'], ['a', 'c'], ['a'], ['a']);
  expect(known(record)).toEqual(['b 1', 'c 2']);
  expect(unusedFiles(record)[0]!.recorded).toEqual(entry('/src/b'));
});

it('a file that is published again is not unused, until a run leaves it out again', () => {
  expect(known(runs(['a', 'b'], ['a'], ['a', 'b']))).toEqual([]);
  expect(known(runs(['a', 'b'], ['a'], ['a', 'b'], ['a']))).toEqual(['b 3']);
});

it('a deleted file is forgotten', () => {
  const record = runs(['a', 'b', 'c'], []);
  forgetUnused(record, (publicPath) => publicPath !== 'b');
  expect(known(record)).toEqual(['b 1']);
});
