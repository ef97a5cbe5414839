import fs from 'node:fs';
import { expect, test } from 'vitest';
import { allScenarios } from './all-scenarios.js';
import { FAULTS_FILE } from './page.js';

test('docs/storages-faults.md has the outcome of each scenario', () => {
  const rows = fs.readFileSync(FAULTS_FILE, 'utf8').split('\n');
  const servers = { s3: 1, azure: 2, gcs: 3, ssh: { config: '', hosts: [] }, folder: '' };
  const missing = allScenarios(servers)
    .map(({ fault, service }) => `| ${fault} | ${service.name} | `)
    .filter((start) => !rows.some((row) => row.startsWith(start) && row.length > start.length + 2));
  expect(missing).toEqual([]); // if not, run npm run test:servers
});
