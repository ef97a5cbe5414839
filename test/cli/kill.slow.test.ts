import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { collect, finished, start } from '../support/command.js';
import { newProject } from '../support/project.js';

const KILLS = Number(process.env.STATICFILES_TEST_KILLS ?? 10);
/** Enough files to be killed in the middle of them. */
const FILES = 2100;

const textsOf = (version: number) =>
  Object.fromEntries(
    Array.from({ length: FILES }, (_, i) => [`d${i % 40}/${i}.txt`, `${version} of file ${i}\n`]),
  );
const sources = (texts: Record<string, string>) =>
  Object.fromEntries(Object.entries(texts).map(([name, text]) => [`static/${name}`, text]));

test(`after each of ${KILLS} kills every file is whole, and the next run puts all right`, {
  timeout: 600_000,
}, async () => {
  let published = textsOf(0);
  const project = newProject({ ...sources(published), 'root/stays.txt': 'stays\n' });
  const began = performance.now();
  expect(await collect(project)).toMatchObject({ exit: 0 });
  const whole = performance.now() - began;
  let killed = 0;

  for (let round = 1; round <= KILLS; round++) {
    const next = textsOf(round);
    project.write(sources(next));
    const child = start(project, 'collectstatic', ['--noinput']);
    const result = finished(project, child);
    await sleep(Math.random() * whole);
    child.kill('SIGKILL');
    if ((await result).signal === 'SIGKILL') killed += 1;

    const { 'stays.txt': stays, ...found } = project.texts();
    expect(stays).toBe('stays\n');
    const torn = Object.entries(found).filter(
      ([name, text]) => !name.startsWith('.') && text !== published[name] && text !== next[name],
    );
    expect(torn).toEqual([]);
    expect(Object.keys(published).filter((name) => !(name in found))).toEqual([]);
    expect(await collect(project)).toMatchObject({ exit: 0, stderr: '' });
    expect(project.texts()).toEqual({ ...next, 'stays.txt': 'stays\n' });
    expect(project.emptyFolders()).toEqual([]);
    published = next;
  }
  expect(killed).toBeGreaterThan(0);
});
