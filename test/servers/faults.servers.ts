import fs from 'node:fs';
import { afterAll, inject, test } from 'vitest';
import { environmentScenarios } from './faults/environment.js';
import { indexScenarios } from './faults/indexes.js';
import { killScenarios } from './faults/kills.js';
import { mistakeScenarios } from './faults/mistakes.js';
import { networkScenarios } from './faults/network.js';
import { FAULTS_FILE, faultsPage } from './faults/page.js';
import type { Scenario } from './faults/scenario.js';
import { faultySubjects } from './faults/subjects.js';
import { allServices } from './services/all-services.js';

const servers = inject('servers');
const subjects = faultySubjects(servers);
const scenarios: readonly Scenario[] = [
  ...networkScenarios(subjects),
  ...mistakeScenarios(subjects),
  ...environmentScenarios(subjects),
  ...indexScenarios(subjects[0]!),
  ...killScenarios(allServices(servers).slice(1)),
];
const outcomes = new Map<Scenario, string>();

afterAll(() => {
  if (outcomes.size < scenarios.length) return; // of some nothing is known
  fs.writeFileSync(FAULTS_FILE, faultsPage(scenarios.map((each) => [each, outcomes.get(each)!])));
});

const named = scenarios.map((scenario) => [scenario.service.name, scenario.fault, scenario] as const);

test.concurrent.each(named)('%s: %s', { timeout: 900_000 }, async (_, __, scenario) => {
  outcomes.set(scenario, await scenario.run());
});
