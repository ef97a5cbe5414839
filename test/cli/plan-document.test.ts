import { expect, test } from 'vitest';
import { readPlanFile } from '../../src/cli/commands/apply.js';
import { newProject } from '../support/project.js';

test.each([
  ['a FIFO', { 'plan.json': { fifo: true } }, 'it is a FIFO, not a file'],
  ['a folder', { 'plan.json/a': '' }, 'it is a directory'],
  ['nothing', {}, 'no such file or directory'],
] as const)('%s in place of a plan file is an error', (_, tree, why) => {
  const file = newProject(tree).path('plan.json');
  expect(() => readPlanFile(file)).toThrow(
    expect.objectContaining({ code: 'usage', message: `Cannot read '${file}': ${why}.` }),
  );
});
