import { describe, expect, it } from 'vitest';
import { RUN_NOTE } from '../../../src/storages/destination.js';
import { folderInventory } from '../../../src/storages/filesystem/inventory.js';
import { noteUnknownRun, readRunNote, runNoteBytes } from '../../../src/storages/filesystem/run-note.js';
import { newProject } from '../../support/project.js';

describe('readRunNote', () => {
  it('returns what was written', () => {
    const project = newProject({ [`root/${RUN_NOTE}`]: runNoteBytes({ run: 'b7c1' }).toString() });
    expect(readRunNote(project.path('root'))).toEqual({ run: 'b7c1' });
  });

  it('returns nothing if no run has published there', () => {
    expect(readRunNote(newProject({}).path('root'))).toBeUndefined();
  });

  it.each(['', '{"run":"b7', 'null', '[]', '{"run":7}'])('returns nothing for a damaged note: %j', (text) => {
    const project = newProject({ [`root/${RUN_NOTE}`]: text });
    expect(readRunNote(project.path('root'))).toBeUndefined();
  });
});

describe('noteUnknownRun', () => {
  it('notes a run that may not be on the disk, with another id each time', () => {
    const project = newProject({ 'one/x': '', 'two/x': '' });
    const notes = ['one', 'two'].map((name) => {
      noteUnknownRun(project.path(name));
      return readRunNote(project.path(name));
    });
    for (const note of notes)
      expect(note).toEqual({ run: expect.stringMatching(/^[0-9a-f-]{36}$/), unflushed: true });
    expect(notes[0]!.run).not.toBe(notes[1]!.run);
  });

  it('leaves a note that is there, and replaces a damaged one', () => {
    const project = newProject({ [`one/${RUN_NOTE}`]: '{"run":"b7c1"}', [`two/${RUN_NOTE}`]: '{"run":' });
    noteUnknownRun(project.path('one'));
    noteUnknownRun(project.path('two'));
    expect(readRunNote(project.path('one'))).toEqual({ run: 'b7c1' });
    expect(readRunNote(project.path('two'))).toMatchObject({ unflushed: true });
  });
});

it('a note is a line of JSON', () => {
  expect(runNoteBytes({ run: 'b7c1', unflushed: true }).toString()).toBe('{"run":"b7c1","unflushed":true}\n');
});

it('an inventory lists neither the note nor the lock, nor files of a destination further down', () => {
  const project = newProject({
    'root/.staticfiles-run.json': '{"run":"b7c1"}',
    'root/.staticfiles-lock': '{}',
    'root/.staticfiles-lock-b7c1': '{}',
    'root/.collectstatic-b7c1/0': '',
    'root/a.txt': 'a',
    'root/sub/b.txt': 'b',
    'root/docs/.staticfiles-run.json': '{"run":"77aa"}',
    'root/docs/deep/c.txt': 'c',
    'root/app/.staticfiles-index.json': '{}',
    'root/app/d.txt': 'd',
  });
  const inventory = folderInventory(project.path('root'), {
    fileMode: undefined,
    names: EXACT,
    hasRun: true,
  });
  expect(Array.from(inventory.entries(), ([publicPath]) => publicPath)).toEqual(['a.txt', 'sub/b.txt']);
  expect(inventory.nested?.()).toEqual(['app', 'docs']);
});

const EXACT = { ignoresCase: false, ignoresForm: false, keepsCase: true };
