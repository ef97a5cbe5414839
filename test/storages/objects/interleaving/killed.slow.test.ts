import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadStatic } from '../../../../src/runtime/load.js';
import { serve } from '../../../../src/serve/index.js';
import { ask } from '../../../serve/support/ask.js';
import type { MemoryStore } from '../../../support/memory-store.js';
import { newProject } from '../../../support/project.js';
import { playAll } from './explore.js';
import { activate, type Command, deploy, prune, remove } from './runs.js';
import { expectWhole, withThreeReleases } from './scenes.js';

const COMMANDS: Readonly<Record<string, Command>> = {
  'a deploy': deploy('yellow', 'v4'),
  'a deploy of old files': deploy('red', 'v4'),
  'a deploy of a release again': deploy('yellow', 'v3'),
  'a deploy with --prune': deploy('yellow', 'v4', { prune: { keep: 0, olderThan: 0 } }),
  'a deploy with --clear': deploy('yellow', 'v4', { clear: true }),
  'a deploy with other headers': deploy('black', 'v3', {
    options: { headers: { '*.css': { 'cache-control': 'no-store' } } },
  }),
  prune: prune(),
  activate: activate('v1'),
  remove: remove('v1'),
};

/** Starts a server and an application with the files of a bucket, and looks up every file of the live manifest. */
async function expectServed({ objects }: MemoryStore): Promise<void> {
  const site = newProject({});
  for (const [key, { text }] of objects) {
    const file = site.path(key);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, text, 'latin1');
  }
  const manifest = site.path('staticfiles.json');
  const statics = await loadStatic({ manifest, baseUrl: '/static/', env: {} });
  const server = await serve({ manifest, env: {} });
  const { paths } = JSON.parse(fs.readFileSync(manifest, 'utf8')) as { paths: Record<string, string> };
  for (const [name, publicPath] of Object.entries(paths)) {
    expect(statics.static(name)).toBe(`/static/${publicPath}`);
    const answer = await ask(server, `/static/${publicPath}`);
    expect(answer).toMatchObject({ status: 200, text: objects.get(publicPath)!.text });
  }
  server.close();
}

describe('killed before any of its requests', () => {
  it.each(Object.entries(COMMANDS))(
    '%s leaves the served files, and the next run goes on',
    async (_name, command) => {
      const before = await withThreeReleases({ version: 'bytes' });
      const count = await playAll(
        before,
        { runs: { command }, kill: 'command' },
        {
          switches: 0,
          async judge(outcome) {
            await expectServed(outcome.world.store);
            await expectWhole(outcome);
            await expectServed(outcome.world.store);
          },
        },
      );
      expect(count).toBeGreaterThan(5);
    },
  );
});
