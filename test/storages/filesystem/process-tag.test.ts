import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import { afterAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { lifeOf, ownTag } from '../../../src/storages/filesystem/process-tag.js';
import { systemError } from '../../support/failing-calls.js';

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

const BOOT_ID = '/proc/sys/kernel/random/boot_id';

/** Replaces a function until the test is over. */
function replace<Owner extends object>(owner: Owner, name: keyof Owner & string, value: unknown): void {
  const functions = owner as Record<string, unknown>;
  const original = functions[name];
  functions[name] = value;
  onTestFinished(() => {
    functions[name] = original;
  });
}

/** Has `readFileSync` return these texts, or fail for `undefined`. */
function haveTexts(texts: Readonly<Record<string, string | undefined>>): void {
  const { readFileSync } = fs;
  replace(fs, 'readFileSync', (file: string, ...rest: []) => {
    if (!(file in texts)) return readFileSync(file, ...rest);
    if (texts[file] === undefined) throw systemError('ENOENT');
    return texts[file];
  });
}

// A module that was loaded with replaced functions knows another process.
afterAll(() => {
  vi.resetModules();
});

/** The module as a new process loads it. */
async function freshModule(): Promise<typeof import('../../../src/storages/filesystem/process-tag.js')> {
  vi.resetModules();
  return import('../../../src/storages/filesystem/process-tag.js');
}

const machineNow = async () => (await freshModule()).ownTag().split('.')[0];

it('a tag has the machine in 12 digits, the process id and the start time', () => {
  expect(ownTag()).toMatch(/^[0-9a-f]{12}\.\d+\.\d*$/);
  expect(ownTag().split('.')[1]).toBe(String(process.pid));
  if (process.platform === 'linux') expect(ownTag()).toMatch(/\.\d+$/);
  expect(ownTag()).toBe(ownTag());
});

describe.runIf(process.platform === 'linux')('the machine in a tag, on Linux,', () => {
  it('is the same for all processes', async () => {
    expect(await machineNow()).toBe(machine);
  });

  it('is another one after a boot', async () => {
    haveTexts({ [BOOT_ID]: 'another-boot\n' });
    const other = await machineNow();
    expect(other).not.toBe(machine);
    replace(os, 'hostname', () => 'other-name');
    expect(await machineNow()).toBe(other);
  });

  it('is another one in a container', async () => {
    replace(fs, 'readlinkSync', (file: string) => `of another container: ${file}`);
    const other = await machineNow();
    expect(other).not.toBe(machine);
    replace(os, 'hostname', () => 'other-name');
    expect(await machineNow()).toBe(other);
  });
});

describe('the machine in a tag, on other systems,', () => {
  /** Returns the machine by its name, and by the clock and the time since boot in seconds. */
  async function machineBy(name: string, clock: number, uptime: number): Promise<string | undefined> {
    haveTexts({ [BOOT_ID]: undefined });
    replace(os, 'hostname', () => name);
    replace(os, 'uptime', () => uptime);
    replace(Date, 'now', () => clock * 1000);
    return machineNow();
  }

  it('is known by its name and the time of its boot, which may come out a little different', async () => {
    const one = await machineBy('web1', 2_000_000, 1000);
    expect(await machineBy('web1', 2_000_000, 1000)).toBe(one);
    expect(await machineBy('web1', 2_005_002, 6000)).toBe(one);
    expect(await machineBy('web2', 2_000_000, 1000)).not.toBe(one);
    expect(await machineBy('web1', 2_000_100, 1000)).not.toBe(one);
    expect(await machineBy('web1', 2_000_000, 1100)).not.toBe(one);
  });

  it('has processes without a start time, whose life is unknown', async () => {
    haveTexts({ [BOOT_ID]: undefined, [`/proc/${process.pid}/stat`]: undefined });
    const fresh = await freshModule();
    expect(fresh.ownTag()).toMatch(/^[0-9a-f]{12}\.\d+\.$/);
    expect(fresh.lifeOf(fresh.ownTag())).toBe('unknown');
  });
});

describe('lifeOf', () => {
  const stat = `/proc/${process.pid}/stat`;
  /** What Linux says of a process, whose name may be anything. */
  const statText = (state: string, start: number) =>
    `${process.pid} (a) b (c) ${state} ${'0 '.repeat(18)}${start} 0 0`;

  it.each([
    ['S', 77, 'alive'],
    ['R', 77, 'alive'],
    ['Z', 77, 'dead'],
    ['X', 77, 'dead'],
    ['S', 78, 'dead'],
  ])('tells by state and start time: %s, %i, %s', (state, start, life) => {
    haveTexts({ [stat]: statText(state, start) });
    expect(lifeOf(`${machine}.${process.pid}.77`)).toBe(life);
  });

  it('does not know a living process if its tag has no start time, or the system tells none', () => {
    haveTexts({ [stat]: statText('S', 77) });
    expect(lifeOf(`${machine}.${process.pid}.`)).toBe('unknown');
    haveTexts({ [stat]: undefined });
    expect(lifeOf(`${machine}.${process.pid}.77`)).toBe('unknown');
  });

  it('takes a process of another user for one that exists', () => {
    haveTexts({ [stat]: statText('S', 77) });
    const answer = (error: Error) => {
      replace(process, 'kill', () => {
        throw error;
      });
      return lifeOf(`${machine}.${process.pid}.77`);
    };
    expect(answer(systemError('EPERM'))).toBe('alive');
    expect(answer(systemError('ESRCH'))).toBe('dead');
  });

  it('sends no signal', () => {
    const sent: unknown[] = [];
    replace(process, 'kill', (...args: unknown[]) => sent.push(args));
    lifeOf(ownTag());
    expect(sent).toEqual([[process.pid, 0]]);
  });

  it.each([`x${ownTag()}`, `${ownTag()}x`, ` ${ownTag()}`])(
    'does not know a tag with more in it: %j',
    (tag) => {
      expect(lifeOf(tag)).toBe('unknown');
    },
  );
});
