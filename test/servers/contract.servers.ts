import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { resolveSettings } from '../../src/settings/resolve.js';
import type { UserSettings } from '../../src/settings/settings.js';
import type { Storage } from '../../src/storages/storage.js';
import { storageContract } from '../../src/testing/storage-contract.js';
import { CASE_NAMES, conformancePage, type Outcome, STORAGES_FILE } from './conformance-page.js';
import { allServices } from './services/all-services.js';
import type { Service } from './services/service.js';

const servers = inject('servers');
const services = allServices(servers);
const results = services.map(({ name }) => [name, new Map<string, Outcome>()] as const);

/** More than one part, and not a multiple of it. */
const LARGE_SIZE = 20 * 1024 * 1024 + 1;

afterAll(() => {
  if (results.some(([, outcomes]) => outcomes.size < CASE_NAMES.length)) return; // not all have run
  fs.writeFileSync(STORAGES_FILE, conformancePage(results));
});

describe.each(services.map((service, index) => ({ ...service, outcomes: results[index]![1] })))(
  '$name',
  (service) => {
    const cases = storageContract({
      open: (destination) => openStorage(service, destination),
      files: service.manyFiles,
      largeSize: LARGE_SIZE,
    });
    beforeAll(() => {
      Object.assign(process.env, service.env);
    });

    test.concurrent.each(cases)('$name', async ({ name, run }) => {
      service.outcomes.set(name, 'no');
      const outcome = await run();
      service.outcomes.set(name, outcome);
      expect(['met', 'does not apply']).toContain(outcome);
    });
  },
);

/** Opens the storage from settings, like the commands. */
async function openStorage({ entry }: Service, destination: string): Promise<Storage> {
  const baseDir = path.join(servers.folder, 'project');
  fs.mkdirSync(path.join(baseDir, 'static'), { recursive: true });
  const settings = {
    staticRoot: 'root',
    staticUrl: '/static/',
    cacheDir: 'cache',
    staticfilesDirs: ['static'],
    storages: { staticfiles: entry(destination) },
  };
  return (await resolveSettings(settings as UserSettings, { baseDir })).storage;
}
