import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import { expect, it } from 'vitest';
import { lifeOf, ownTag } from '../../../src/storages/filesystem/process-tag.js';

const [machine] = ownTag().split('.');

it('this process is alive', () => {
  expect(lifeOf(ownTag())).toBe('alive');
});

it('a process that has ended is dead', () => {
  expect(lifeOf(`${machine}.${spawnSync(process.execPath, ['-e', '']).pid}.1`)).toBe('dead');
});

it('a process in another container or on another machine is unknown', () => {
  expect(lifeOf(`aaaaaaaaaaaa.${process.pid}.1`)).toBe('unknown');
});

it.each(['', 'x', '..', `${machine}.1`])('a damaged tag is unknown: %j', (tag) => {
  expect(lifeOf(tag)).toBe('unknown');
});

it.runIf(process.platform === 'linux')('a process whose id was used again is dead', () => {
  expect(lifeOf(`${machine}.${process.pid}.1`)).toBe('dead');
});

it.runIf(process.platform === 'linux')(
  'a process that has ended is dead before its parent notices',
  async () => {
    const parent = spawn('sh', ['-c', 'sleep 0.1 & echo $!; exec sleep 60'], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    try {
      const [line] = (await once(parent.stdout, 'data')) as [Buffer];
      const pid = Number(line.toString());
      const statOf = () => fs.readFileSync(`/proc/${pid}/stat`, 'utf8').split(' ');
      while (statOf()[2] !== 'Z') await new Promise(setImmediate);
      expect(lifeOf(`${machine}.${pid}.${statOf()[21]}`)).toBe('dead');
    } finally {
      parent.kill('SIGKILL');
    }
  },
);
