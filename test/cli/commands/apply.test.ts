import { expect, test } from 'vitest';
import { readPlanFile } from '../../../src/cli/commands/apply.js';
import { newProject } from '../../support/project.js';

test.each([
  ['a FIFO', { 'plan.json': { fifo: true } }, 'it is a FIFO, not a file'],
  ['a folder', { 'plan.json/a': '' }, 'it is a directory'],
  ['a missing file', {}, 'no such file or directory'],
] as const)('%s instead of a plan file is an error', async (_, tree, why) => {
  const file = newProject(tree).path('plan.json');
  await expect(readPlanFile(file)).rejects.toMatchObject({
    code: 'usage',
    message: `Cannot read '${file}': ${why}.`,
  });
});
