import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import { describe, expect, it } from 'vitest';
import { lockFolder } from '../../../src/storages/filesystem/lock.js';
import { newProject } from '../../support/project.js';

const signal = new AbortController().signal;

describe('lockFolder', () => {
  it('lets one run in at a time, by whatever path, and says who holds it', async () => {
    const project = newProject({ 'real/x': '', current: { link: 'real' } });
    const lock = await lockFolder(project.path('real/out'), project.path('cache'), signal);
    const second = lockFolder(project.path('current/out'), project.path('cache'), signal);
    await expect(second).rejects.toMatchObject({
      code: 'locked',
      message: expect.stringContaining(`process ${process.pid} on ${os.hostname()}`),
    });
    await lock.release();
    await (await lockFolder(project.path('current/out'), project.path('cache'), signal)).release();
  });

  it('lets a second run in when the first ends', async () => {
    const project = newProject({});
    const first = await lockFolder(project.path('out'), project.path('cache'), signal);
    const second = lockFolder(project.path('out'), project.path('cache'), signal);
    await first.release();
    await (await second).release();
  });

  it('stops waiting when it is interrupted', async () => {
    const project = newProject({});
    const lock = await lockFolder(project.path('out'), project.path('cache'), signal);
    const reason = new Error('stop');
    const interrupt = new AbortController();
    const second = lockFolder(project.path('out'), project.path('cache'), interrupt.signal);
    setImmediate(() => interrupt.abort(reason));
    await expect(second).rejects.toBe(reason);
    await lock.release();
  });

  it('takes the lock of a process that has died', async () => {
    const project = newProject({});
    const lock = await lockFolder(project.path('out'), project.path('cache'), signal);
    const name = fs.readdirSync(project.path('cache/locks')).find((entry) => !entry.endsWith('.json'));
    await lock.release();
    leaveLock(project.path('cache/locks', name!), spawnSync(process.execPath, ['-e', '']).pid);
    const taken = await lockFolder(project.path('out'), project.path('cache'), AbortSignal.timeout(4000));
    await taken.release();
  });
});

/** What a process leaves that is killed while it holds a lock: well within the time after which a lock is stale. */
function leaveLock(folder: string, pid: number): void {
  fs.mkdirSync(folder);
  const { ino, birthtimeMs } = fs.statSync(folder);
  const holder = { pid, host: os.hostname(), since: '', folder: `${ino}-${birthtimeMs}` };
  fs.writeFileSync(`${folder}.json`, JSON.stringify(holder));
}
