import { createHash } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import { systemErrorCode } from '../../errors.js';

/**
 * Identifies a process in a form that fits into a file name: the machine and container, the process id, and the start
 * time. A process id alone is not enough: it is used again, and means nothing in another container.
 */
export type ProcessTag = string;

/** Whether a process is alive. `unknown` if it runs elsewhere, or if this system does not say. */
export type Life = 'alive' | 'dead' | 'unknown';

let own: ProcessTag | undefined;

/** Returns the tag of this process. */
export function ownTag(): ProcessTag {
  own ??= [ownMachine(), process.pid, startOf(process.pid)?.start ?? ''].join('.');
  return own;
}

/** Returns whether a process is alive. A damaged tag is `unknown`. */
export function lifeOf(tag: ProcessTag): Life {
  const [, machine, digits, start] = /^([0-9a-f]+)\.(\d+)\.(\d*)$/.exec(tag) ?? [];
  if (machine !== ownMachine()) return 'unknown';
  const pid = Number(digits);
  if (!exists(pid)) return 'dead';
  const now = startOf(pid);
  if (now === undefined || start === '') return 'unknown'; // the id may belong to another process by now
  return now.start === start && !now.ended ? 'alive' : 'dead';
}

let machine: string | undefined;

/** Returns an id of the machine, its boot and the container: process ids are unique within it. */
function ownMachine(): string {
  machine ??= createHash('sha256').update(describeMachine()).digest('hex').slice(0, 12);
  return machine;
}

function describeMachine(): string {
  try {
    return `${fs.readFileSync('/proc/sys/kernel/random/boot_id', 'utf8')} ${fs.readlinkSync('/proc/self/ns/pid')}`;
  } catch {
    // Not Linux. If the boot time comes out differently the next time, a process just becomes `unknown`.
    return `${os.hostname()} ${Math.round((Date.now() / 1000 - os.uptime()) / 10)}`;
  }
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return systemErrorCode(error) !== 'ESRCH';
  }
}

/** Returns when a process started, in ticks since boot, and whether it is a zombie. Linux only. */
function startOf(pid: number): { readonly start: string; readonly ended: boolean } | undefined {
  try {
    const stat = fs.readFileSync(`/proc/${pid}/stat`, 'utf8');
    // Fields from the third on (https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html): the second may contain spaces.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return { start: fields[19]!, ended: fields[0] === 'Z' || fields[0] === 'X' };
  } catch {
    return undefined;
  }
}
