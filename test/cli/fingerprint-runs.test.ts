import fs from 'node:fs';
import { describe, expect, it } from 'vitest';
import { collect } from '../support/command.js';
import { newProject, type Project, SETTINGS } from '../support/project.js';

const SETTINGS_WITH_FINGERPRINTS = { ...SETTINGS, postProcess: ['fingerprint'] };
const FILES = { 'static/a.css': '.a{background:url(a.png)}\n', 'static/a.png': 'fake png a\n' };

/** Django's names for the same contents. */
const PNG = 'a.92bd93b41bcc.png';
const NEW_PNG = 'a.51ccbbb21d5f.png';
/** By the MD5 of the sheet with `PNG` in it. */
const CSS = 'a.aeae0e5796a0.css';

describe('several runs', () => {
  it('keep fingerprinted files of earlier runs for pages that are still open', async () => {
    const project = newProject(FILES, SETTINGS_WITH_FINGERPRINTS);
    await collected(project);
    expect(published(project)).toEqual([CSS, PNG, 'a.css', 'a.png'].sort());
    project.write({ 'static/a.png': 'fake png new\n' });
    await collected(project);
    const { 'a.css': css, 'a.png': png } = paths(project);
    expect(png).toBe(NEW_PNG);
    expect(css).not.toBe(CSS);
    expect(published(project)).toEqual([CSS, PNG, css!, png!, 'a.css', 'a.png'].sort());
    expect(project.texts('root')[css!]).toBe(`.a{background:url(${png})}\n`);
  });

  it('drop a deleted source from the manifest, and keep its published files until --clear', async () => {
    const project = newProject({ 'static/a.txt': 'a\n', 'static/b.txt': 'b\n' }, SETTINGS_WITH_FINGERPRINTS);
    await collected(project);
    const before = published(project);
    fs.rmSync(project.path('static/a.txt'));
    await collected(project);
    expect(Object.keys(paths(project))).toEqual(['b.txt']);
    expect(published(project)).toEqual(before);
    await collected(project, '--clear');
    expect(published(project)).toEqual(['b.txt', paths(project)['b.txt']!].sort());
  });

  it('switch between links and copies, but never link a rewritten file', async () => {
    const project = newProject(FILES, SETTINGS_WITH_FINGERPRINTS);
    for (const [argv, linked] of [
      [['--link'], true],
      [[], false],
      [['--link'], true],
    ] as const) {
      await collected(project, ...argv);
      const tree = project.tree('root');
      expect(tree['a.png']!.link).toBe(linked ? '{TMP}/static/a.png' : undefined);
      expect(tree['a.css']!.link).toBe(linked ? '{TMP}/static/a.css' : undefined);
      expect(tree[CSS]).toMatchObject({ text: `.a{background:url(${PNG})}\n`, mode: '644' });
    }
  });
});

async function collected(project: Project, ...argv: string[]): Promise<void> {
  expect(await collect(project, argv)).toMatchObject({ exit: 0, stderr: '' });
}

function paths(project: Project): Record<string, string> {
  return JSON.parse(project.texts('root')['staticfiles.json']!).paths;
}

function published(project: Project): string[] {
  return Object.keys(project.texts('root')).filter((name) => !name.startsWith('staticfiles.'));
}
