import type { Servers } from '../global-setup.js';
import { allServices } from '../services/all-services.js';
import { environmentScenarios } from './environment.js';
import { indexScenarios } from './indexes.js';
import { killScenarios } from './kills.js';
import { mistakeScenarios } from './mistakes.js';
import { networkScenarios } from './network.js';
import type { Scenario } from './scenario.js';
import { faultySubjects } from './subjects.js';

/** Every scenario, in the order of the page. */
export function allScenarios(servers: Servers): readonly Scenario[] {
  const subjects = faultySubjects(servers);
  return [
    ...networkScenarios(subjects),
    ...mistakeScenarios(subjects),
    ...environmentScenarios(subjects),
    ...indexScenarios(subjects[0]!),
    ...killScenarios(allServices(servers).slice(1)),
  ];
}
