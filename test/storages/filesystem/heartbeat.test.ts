import fs from 'node:fs';
import { expect, it } from 'vitest';
import { startHeartbeat } from '../../../src/storages/filesystem/heartbeat.js';
import { newProject } from '../../support/project.js';

/** Waits for an event of the next thread that is started. */
function nextThread(event: 'online' | 'exit'): Promise<void> {
  return new Promise((resolve) => {
    process.once('worker', (thread) => thread.once(event, () => resolve()));
  });
}

const soon = () => new Promise(setImmediate);

it('a heartbeat updates the time of its file until it is stopped', async () => {
  const project = newProject({ lock: '' });
  const ended = nextThread('exit');
  const timeOf = () => fs.statSync(project.path('lock')).mtimeMs;
  const stop = startHeartbeat(project.path('lock'), 5, () => {});
  for (let beats = 0, before = timeOf(); beats < 3; ) {
    await soon();
    if (timeOf() === before) continue;
    before = timeOf();
    beats += 1;
  }
  stop();
  await ended;
  const last = timeOf();
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(timeOf()).toBe(last);
});

it('a heartbeat says again and again that its file is gone, until it is stopped', async () => {
  const project = newProject({});
  let told = 0;
  const stop = startHeartbeat(project.path('lock'), 5, () => {
    told += 1;
  });
  while (told < 2) await soon();
  stop();
  const last = told;
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(told).toBe(last);
});

it('a heartbeat says nothing if the time of its file cannot be changed for another reason', async () => {
  const project = newProject({ file: '' });
  let told = 0;
  const online = nextThread('online');
  const stop = startHeartbeat(project.path('file/below'), 5, () => {
    told += 1;
  });
  await online;
  await new Promise((resolve) => setTimeout(resolve, 50));
  stop();
  expect(told).toBe(0);
});
