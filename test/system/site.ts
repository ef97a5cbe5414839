import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { newProject, type Project } from '../support/project.js';

const FONT = '@fortawesome/fontawesome-free/webfonts/fa-solid-900.woff2';

const SETTINGS = {
  staticRoot: 'root',
  staticUrl: '/static/',
  staticfilesDirs: ['static'],
  postProcess: [
    ['fingerprint', { references: { html: true } }],
    ['compress', { originals: true }],
  ],
  importmap: { entries: { greeting: 'js/vendor/greeting.js', 'app/': 'js/' } },
};

/** The settings of the site, some of them others. */
export function siteSettings(settings: object = {}): object {
  return { ...SETTINGS, ...settings };
}

/** A project with the site in `site/`: every kind of reference that a browser follows. */
export function siteProject(settings: object = {}): Project {
  const project = newProject({}, siteSettings(settings));
  fs.cpSync(path.join(import.meta.dirname, 'site'), project.path('static'), { recursive: true });
  const font = createRequire(import.meta.url).resolve(FONT);
  fs.cpSync(font, project.path('static/fonts/icons.woff2'));
  return project;
}
