import { once } from 'node:events';
import { describe, expect, test } from 'vitest';
import { collect, finished, start } from '../support/command.js';
import { newProject, type Project } from '../support/project.js';

/** Starts a run that publishes slowly, and waits until it publishes. */
async function dawdling(project: Project, milliseconds: number) {
  const fault = { fault: 'dawdle', at: project.path('root'), after: 3, milliseconds } as const;
  const child = start(project, 'collectstatic', ['--noinput'], { fault });
  const result = finished(project, child);
  await once(child.stderr, 'data');
  return { child, result };
}

const MANY = Object.fromEntries(Array.from({ length: 150 }, (_, i) => [`static/${i}.txt`, `text ${i}\n`]));

describe.concurrent('a run that is stopped', () => {
  test.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('%s: exit code %i, nothing torn, and the next run completes', async (signal, exit) => {
    const project = newProject({ ...MANY, 'root/0.txt': 'old' });
    const { child, result } = await dawdling(project, 20);
    child.kill(signal);
    expect(await result).toMatchObject({ exit, stdout: '' });
    for (const [name, text] of Object.entries(project.texts())) {
      expect([MANY[`static/${name}`], 'old']).toContain(text);
    }
    expect(await collect(project)).toMatchObject({ exit: 0 });
    expect(project.texts()).toEqual(project.texts('static'));
  });
});

describe.concurrent('two runs at once', () => {
  test('the second waits for the first', async () => {
    const project = newProject(MANY);
    const { result } = await dawdling(project, 2);
    expect(await collect(project)).toMatchObject({ exit: 0, stderr: '' });
    expect(await result).toMatchObject({ exit: 0 });
    expect(project.texts()).toEqual(project.texts('static'));
  });

  test('the second names the process that holds the destination if it waits too long', async () => {
    const project = newProject(MANY);
    const { child, result } = await dawdling(project, 150);
    const second = await collect(project);
    expect(second).toMatchObject({ exit: 1, stdout: '' });
    expect(second.stderr).toContain("'{TMP}/root'");
    expect(second.stderr).toContain(`process ${child.pid}`);
    child.kill('SIGKILL');
    await result;
  });

  test('a run that was killed does not hold the destination', async () => {
    const project = newProject(MANY);
    const { child, result } = await dawdling(project, 600_000);
    child.kill('SIGKILL');
    await result;
    expect(await collect(project)).toMatchObject({ exit: 0, stderr: '' });
    expect(project.texts()).toEqual(project.texts('static'));
  });
});
