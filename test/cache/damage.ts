import fs from 'node:fs';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { expect } from 'vitest';
import { collectstatic } from '../../src/collectstatic.js';
import { resolveSettings } from '../../src/settings/resolve.js';
import type { Settings } from '../../src/settings/settings.js';
import { newProject, type Project, SETTINGS } from '../support/project.js';
import { readFolder } from '../support/read-folder.js';

const TREE = {
  'static/app.css': "a { background: url('img/a.svg') }\n".repeat(9),
  'static/img/a.svg': '<svg xmlns="http://www.w3.org/2000/svg"><g/><g/><g/><g/><g/><g/></svg>\n',
  'static/tiny.css': 'a{}',
};

/** A project that was collected, and the files in its cache folder and its destination. */
export interface CollectedProject {
  readonly project: Project;
  readonly settings: Settings;
  readonly cache: ReadonlyMap<string, Buffer>;
  readonly published: ReadonlyMap<string, Buffer>;
}

/** Collects twice: files younger than a clock tick are recorded by the second run only. */
export async function collectedProject(): Promise<CollectedProject> {
  const postProcess = ['fingerprint', 'compress'];
  const project = newProject(TREE);
  const settings = await resolveSettings(
    { ...SETTINGS, cacheDir: 'cache', postProcess },
    { baseDir: project.dir },
  );
  await collectstatic(settings);
  await setTimeout(50);
  await collectstatic(settings);
  return { project, settings, cache: readFolder(project.path('cache')), published: publishedBy(project) };
}

/** Returns the published files without the note of the last run, which differs each time. */
function publishedBy(project: Project): Map<string, Buffer> {
  const files = readFolder(project.path('root'));
  files.delete('.staticfiles-run.json');
  return files;
}

/** Runs with a cache in which one file is damaged, and expects the same published files. */
export async function expectSame(
  { project, settings, cache, published }: CollectedProject,
  damaged: string,
  bytes: Buffer,
  how: { readonly emptyRoot: boolean },
): Promise<void> {
  fs.rmSync(project.path('cache'), { recursive: true, force: true });
  for (const [name, content] of cache) {
    const file = project.path('cache', name);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, name === damaged ? bytes : content);
  }
  if (how.emptyRoot) fs.rmSync(project.path('root'), { recursive: true });
  const { warnings } = await collectstatic(settings);
  expect(warnings).toEqual([]);
  expect(publishedBy(project)).toEqual(published);
}

/** Returns the bytes with one bit changed. */
export function flipped(bytes: Buffer, at: number): Buffer {
  const copy = Buffer.from(bytes);
  copy[at]! ^= 1 << (at % 8);
  return copy;
}
