import fs from 'node:fs';
import type { CollectOptions } from '../../../src/collectstatic.js';
import { collectstatic } from '../../../src/collectstatic.js';
import { loadSettings } from '../../../src/settings/load.js';
import { newProject, type Project, SETTINGS } from '../../support/project.js';
import type { TreeInput } from '../../support/tree.js';

/** Project with collected static files. */
export interface Site extends Project {
  /** Path of the manifest. */
  readonly manifest: string;
  /** Returns the escaped URL of a file under its fingerprinted name. */
  url(logicalPath: string): string;
  /** Collects again. */
  collect(): Promise<void>;
}

/** Settings for fingerprints and compressed variants. */
export const FINGERPRINTED = { postProcess: ['fingerprint', 'compress'] };

/** Collects files, given by logical path, into the folder `root` of a new project. */
export async function newSite(
  files: TreeInput,
  settings: object = FINGERPRINTED,
  options: CollectOptions = {},
): Promise<Site> {
  const sources = Object.fromEntries(Object.entries(files).map(([name, node]) => [`static/${name}`, node]));
  const project = newProject(sources, { ...SETTINGS, cacheDir: 'cache', ...settings });
  const site: Site = {
    ...project,
    manifest: project.path('root/staticfiles.json'),
    url(logicalPath) {
      const { paths } = JSON.parse(fs.readFileSync(site.manifest, 'utf8'));
      return `/static/${encodeURI(paths[logicalPath])}`;
    },
    async collect() {
      await collectstatic(
        await loadSettings({ file: project.path('staticfiles.config.json'), env: {} }),
        options,
      );
    },
  };
  await site.collect();
  return site;
}
