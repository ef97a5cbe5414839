import { describe, expect, test } from 'vitest';
import { collectstatic } from '../../src/collectstatic.js';
import { findstatic } from '../../src/findstatic.js';
import { loadStatic } from '../../src/runtime/load.js';
import { serve } from '../../src/serve/serve.js';
import { loadSettings } from '../../src/settings/load.js';
import { listen } from '../serve/support/http.js';
import { newProject, SETTINGS } from '../support/project.js';

const TREE = {
  'static/a.css': 'a{}',
  'static/.env': 'SECRET=1',
  'static/.well-known/assetlinks.json': '[]',
  'static/.well-known/.git': 'hidden',
};

/** What the runs, look-ups and servers of a project say of a name. */
async function knownTo(settings: object, name: string, tree = TREE) {
  const project = newProject(tree, { ...SETTINGS, ...settings });
  const file = project.path('staticfiles.config.json');
  const loaded = await loadSettings({ cwd: project.dir, env: {} });
  await collectstatic(loaded);
  const [found] = await findstatic(loaded, [name]);
  const statics = await loadStatic({ settings: file, debug: true, env: {} });
  const server = await serve({ dev: true, settings: file, env: {} });
  const { get } = await listen(server);
  const { status } = await get(`/static/${name}`);
  await server.close();
  return {
    collected: name in project.texts(),
    found: found!.matches.length > 0,
    looked: (() => {
      try {
        return statics.static(name) === `/static/${name}`;
      } catch {
        return false;
      }
    })(),
    served: status === 200,
  };
}

const KNOWN = { collected: true, found: true, looked: true, served: true };
const UNKNOWN = { collected: false, found: false, looked: false, served: false };

describe('runs, findstatic, look-ups and the development server agree', () => {
  test.each([
    ['files in .well-known are published by default', {}, '.well-known/assetlinks.json', KNOWN],
    ['other names with a dot are not, also in .well-known', {}, '.well-known/.git', UNKNOWN],
    ['.env is not', {}, '.env', UNKNOWN],
    [
      '.well-known can be ignored by its name',
      { ignore: ['.well-known'] },
      '.well-known/assetlinks.json',
      UNKNOWN,
    ],
    ['an empty defaultIgnore publishes every file', { defaultIgnore: [] }, '.env', KNOWN],
    ['other patterns replace the default ones', { defaultIgnore: ['*.css'] }, 'a.css', UNKNOWN],
  ])('%s', async (_, settings, name, expected) => {
    expect(await knownTo(settings, name)).toEqual(expected);
  });
});
