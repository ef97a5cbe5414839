import { describe, expect, test } from 'vitest';
import { lines, type Result, run } from '../support/command.js';
import {
  applyChange,
  type Expected,
  type FixtureStep,
  fixtureProject,
  loadFixtures,
} from '../support/fixtures.js';
import { reportOf } from '../support/plan.js';
import type { Project } from '../support/project.js';

describe.concurrent('fixtures', () => {
  for (const fixture of loadFixtures()) {
    test(`${fixture.name}: ${fixture.proves}`, async () => {
      const project = fixtureProject(fixture);
      const root = rootOf(fixture.settings);
      const options = fixture.umask === undefined ? {} : { umask: fixture.umask };
      for (const step of fixture.steps) {
        applyChange(project, step.change);
        if (step.expect.plan) expect(await plannedBy(project, step)).toEqual(step.expect.plan);
        expectResult(
          await run(project, 'collectstatic', ['--summary=django', ...step.argv], options),
          step.expect,
        );
        expect(project.tree(root)).toEqual(step.expect.tree);
        expect(project.emptyFolders(root)).toEqual([]);
        for (const find of step.find ?? []) {
          expectResult(await run(project, 'findstatic', find.argv), find);
        }
      }
    });
  }
});

function rootOf(settings: unknown): string {
  return (settings as { staticRoot?: string }).staticRoot ?? 'staticfiles';
}

/** Public paths in a dry run, sorted, by action. */
async function plannedBy(project: Project, step: FixtureStep): Promise<Record<string, string[]>> {
  const planned: Record<string, string[]> = {};
  const result = await run(project, 'collectstatic', [...step.argv, '--dry-run', '--json']);
  for (const { action, path } of reportOf(result).files) {
    planned[action] = [...(planned[action] ?? []), path].sort();
  }
  return planned;
}

function expectResult(result: Result, expected: Expected): void {
  expect({ exit: result.exit, stdout: lines(result.stdout), stderr: result.stderr }).toEqual({
    exit: expected.exit,
    stdout: expected.stdout,
    stderr: expected.stderr.length === 0 ? '' : expect.any(String),
  });
  for (const part of expected.stderr) expect(result.stderr).toContain(part);
}
