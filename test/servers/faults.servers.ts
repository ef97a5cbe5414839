import fs from 'node:fs';
import { afterAll, inject, test } from 'vitest';
import { allScenarios } from './faults/all-scenarios.js';
import { FAULTS_FILE, faultsPage } from './faults/page.js';
import type { Scenario } from './faults/scenario.js';

const scenarios = allScenarios(inject('servers'));
const outcomes = new Map<Scenario, string>();

afterAll(() => {
  if (outcomes.size < scenarios.length) return; // not all have run
  fs.writeFileSync(FAULTS_FILE, faultsPage(scenarios.map((each) => [each, outcomes.get(each)!])));
});

const named = scenarios.map((scenario) => [scenario.service.name, scenario.fault, scenario] as const);

test.concurrent.each(named)('%s: %s', { timeout: 900_000 }, async (_, __, scenario) => {
  outcomes.set(scenario, await scenario.run());
});
