import fs from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import type { CollectOptions } from '../../src/collectstatic.js';
import { collectstatic } from '../../src/collectstatic.js';
import { loadSettings } from '../../src/settings/load.js';
import type { Settings } from '../../src/settings/settings.js';
import { newProject, type Project, SETTINGS } from './project.js';

/** Long enough to be compressed. */
export const style = (colour: string) => `body { color: ${colour} }\n${'a { color: blue }\n'.repeat(50)}`;

/** A project whose files are fingerprinted and compressed. */
export function newSite(more: object = {}): Project {
  const files = { 'static/logo.svg': '<svg/>', 'static/robots.txt': 'robots' };
  const postProcess = [['fingerprint', { exclude: ['robots.txt'] }], 'compress'];
  return newProject(files, { ...SETTINGS, cacheDir: 'cache', postProcess, ...more });
}

export function settingsOf(project: Project, release?: string): Promise<Settings> {
  return loadSettings({ cwd: project.dir, env: {}, overrides: { release } });
}

/** Publishes a release whose style sheet has a colour of its own. */
export async function publish(
  project: Project,
  release: string | undefined,
  colour: string,
  options: CollectOptions = {},
) {
  project.write({ 'static/app.css': style(colour) });
  return collectstatic(await settingsOf(project, release), options);
}

/** Publishes a style sheet without a release, when it is old enough for its size and time to be trusted. */
export async function publishSettled(project: Project, colour: string, options: CollectOptions = {}) {
  project.write({ 'static/app.css': style(colour) });
  await pause(50);
  return collectstatic(await settingsOf(project), options);
}

/** Publishes `v1` in red, `v2` in green, `v3` in black, a day after one another; the last one just now. */
export async function threeReleases(more: object = {}, folder?: string): Promise<Project> {
  const project = newSite(more);
  for (const [id, colour] of [
    ['v1', 'red'],
    ['v2', 'green'],
    ['v3', 'black'],
  ] as const) {
    await publish(project, id, colour);
  }
  dated(project, 'v1', 48, folder);
  dated(project, 'v2', 24, folder);
  return project;
}

const HOUR = 60 * 60 * 1000;

/** Has a release be published that many hours ago. */
export function dated(project: Project, id: string, hours: number, folder = 'root'): void {
  const note = project.path(folder, id, 'release.json');
  const published = new Date(Date.now() - hours * HOUR);
  fs.writeFileSync(note, JSON.stringify({ ...JSON.parse(fs.readFileSync(note, 'utf8')), published }));
}

/** The files of a release that no other one has: its style sheet, and the variants of that. */
export function ownFiles(project: Project, release: string, folder?: string): string[] {
  const css = stylePath(project, release, folder);
  return [css, `${css}.br`, `${css}.gz`];
}

/** The public path of the style sheet in a manifest: that of a release, or the one at the top. */
export function stylePath(project: Project, release = '', folder = 'root'): string {
  const manifest = fs.readFileSync(project.path(folder, release, 'staticfiles.json'), 'utf8');
  return JSON.parse(manifest).paths['app.css'];
}
