import fs from 'node:fs';
import path from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import type { PublishRecord } from '../../src/cache/record.js';
import type { Found } from '../../src/finders/find.js';
import { keep } from '../../src/pipeline/make-plan.js';
import { createSession, type Session } from '../../src/pipeline/session.js';
import { original, staticFile } from '../support/outputs.js';
import { newProject, type Project } from '../support/project.js';

let project: Project;
let session: Session;

beforeEach(() => {
  project = newProject({ 'a.css': 'a', 'b.css': 'b', 'css/c.css': 'c' });
  session = createSession({} as PublishRecord);
});

function files(...names: string[]) {
  return names.map((name) => staticFile(name, project.path(name)));
}

/** Changes a file, at a time that its stamp shows. */
function change(name: string, text = 'changed'): string {
  fs.writeFileSync(project.path(name), text);
  return project.path(name);
}

describe('finding', () => {
  const found = (...names: string[]): Found => ({ files: files(...names), conflicts: [], unmatched: [] });

  it('asks the finders once, and again when files may have come or gone', async () => {
    const answers = [found('a.css'), found('b.css')];
    const ask = async () => answers.shift()!;
    const first = await session.find(ask);
    session.note(project.path('a.css'), 'content');
    expect(await session.find(ask)).toBe(first);
    session.note(project.path('b.css'), 'files');
    session.note(project.path('a.css'), 'content');
    expect((await session.find(ask)).files[0]!.logicalPath).toBe('b.css');
    expect(answers).toEqual([]);
  });

  it('asks again after the finders failed', async () => {
    await session.find(async () => found('a.css'));
    session.note(project.path('b.css'), 'files');
    const failing = async () => Promise.reject(new Error('gone'));
    await expect(session.find(failing)).rejects.toThrow('gone');
    expect((await session.find(async () => found('b.css'))).files[0]!.logicalPath).toBe('b.css');
  });

  it('asks again for what came while it asked', async () => {
    const ask = async () => {
      session.note(project.path('b.css'), 'files');
      return found('a.css');
    };
    await session.find(ask);
    expect(await session.find(async () => found('b.css'))).toMatchObject({
      files: [{ logicalPath: 'b.css' }],
    });
  });
});

describe('originals', () => {
  it('stay the same objects while their files do not change', () => {
    const list = files('a.css', 'b.css');
    const [a, b] = session.originals(list);
    session.note(change('b.css'), 'content');
    const [sameA, newB] = session.originals(list);
    expect(sameA).toBe(a);
    expect(newB).not.toBe(b);
    expect(newB).toEqual(b);
    const [, sameB] = session.originals(list);
    expect(sameB).toBe(newB);
  });

  it('stay the same objects in another list of files', () => {
    const [a] = session.originals(files('a.css', 'b.css'));
    const again = session.originals(files('b.css', 'a.css'));
    expect(again.map(({ logicalPath }) => logicalPath)).toEqual(['b.css', 'a.css']);
    expect(again[1]).toBe(a);
  });

  it('are new after an event, also if the file looks the same', () => {
    const list = files('a.css');
    for (const next of [list, files('a.css')]) {
      const [a] = session.originals(list);
      session.takeChanges();
      session.note(project.path('a.css'), 'content');
      expect(session.originals(next)[0]).not.toBe(a);
      expect(session.takeChanges()).toEqual(new Map());
    }
  });

  it('are compared without an event after files have come or gone', async () => {
    const list = files('a.css');
    const found = { files: list, conflicts: [], unmatched: [] };
    const [a] = session.originals((await session.find(async () => found)).files);
    session.takeChanges();
    change('a.css');
    session.note(project.path('css'), 'files');
    expect(session.originals((await session.find(async () => found)).files)[0]).not.toBe(a);
    expect(session.takeChanges()).toEqual(new Map([['a.css', 'changed']]));
  });
});

describe('changes', () => {
  it('are what became of each logical path since they were taken', () => {
    session.originals(files('a.css', 'b.css', 'css/c.css'));
    expect(Object.fromEntries(session.takeChanges())).toEqual({
      ...{ 'a.css': 'added', 'b.css': 'added', 'css/c.css': 'added' },
    });
    change('a.css');
    fs.writeFileSync(project.path('d.css'), 'd');
    session.originals([...files('a.css', 'd.css'), staticFile('b.css', project.path('css/c.css'))]);
    expect(Object.fromEntries(session.takeChanges())).toEqual({
      ...{ 'a.css': 'changed', 'd.css': 'added', 'b.css': 'moved', 'css/c.css': 'removed' },
    });
    expect(session.takeChanges().size).toBe(0);
  });

  it('are of each path that a source is published under', () => {
    const source = project.path('a.css');
    const list = [staticFile('a.css', source), staticFile('copy.css', source)];
    session.originals(list);
    session.takeChanges();
    session.note(change('a.css'), 'content');
    session.originals(list);
    expect([...session.takeChanges().keys()]).toEqual(['a.css', 'copy.css']);
  });
});

it('the sources are known, and the folders that hold some', () => {
  session.originals(files('a.css', 'css/c.css'));
  expect(session.hasSource(project.path('a.css'))).toBe(true);
  expect(session.hasSource(project.path('b.css'))).toBe(false);
  expect(session.mayHaveHadSources(project.path('a.css'))).toBe(true);
  expect(session.mayHaveHadSources(project.path('css'))).toBe(true);
  expect(session.mayHaveHadSources(project.path('cs'))).toBe(false);
  expect(session.mayHaveHadSources(path.join(project.path('css'), 'c.css', 'd'))).toBe(false);
});

it('what goes while the finders are asked may be what they have found', async () => {
  const b = project.path('b.css');
  session.originals(files('a.css'));
  const ask = async () => {
    expect(session.mayHaveHadSources(b)).toBe(true);
    return { files: files('a.css', 'b.css'), conflicts: [], unmatched: [] };
  };
  const found = await session.find(ask);
  expect(session.mayHaveHadSources(b)).toBe(true);
  session.originals(found.files.slice(0, 1));
  expect(session.mayHaveHadSources(b)).toBe(false);
});

it('published outputs are known until they are forgotten', () => {
  const [a, b] = [original('a.css'), original('b.css')];
  session.addPublished([keep(a)]);
  const entry = session.knownToStay(a, 0)!;
  expect(entry).toMatchObject({ action: 'keep', output: a });
  expect(session.knownToStay(a, 1)).toBe(entry);
  expect(session.knownToStay(b, 0)).toBeUndefined();
  expect([session.isKnownEntry(entry, 1), session.isKnownEntry({ ...entry }, 0)]).toEqual([true, false]);
  session.addPublished([keep(b), keep(a)]);
  expect(session.knownToStay(a, 1)).toBe(entry);
  const other = { ...a };
  session.addPublished([keep(b), keep(other)]);
  expect([session.knownToStay(a, 1), session.knownToStay(other, 0)]).toEqual([undefined, keep(other)]);
  session.addPublished([keep(b), { action: 'delete', publicPath: 'a.css', reason: 'clear', replaces: true }]);
  expect(session.knownToStay(other, 1)).toBeUndefined();
  session.addPublished([keep(b), keep(a)]);
  session.forgetPublished();
  expect(session.knownToStay(a, 1)).toBeUndefined();
});

it('each processor has a room of its own', () => {
  session.ofProcessor('a').value = 1;
  expect([session.ofProcessor('a'), session.ofProcessor('b')]).toEqual([{ value: 1 }, {}]);
});
