import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { afterFile } from './after-file.js';
import { type CommandName, finished, type Result, type RunOptions, start } from './command.js';
import type { Project } from './project.js';

/** A command that goes on until it is stopped. */
export interface Watching {
  readonly pid: number;
  /** Waits until one more line than so far was printed that has these words, and gives it. */
  line(words: string): Promise<string>;
  /** All that was printed so far. */
  printed(): string;
  kill(signal: NodeJS.Signals): void;
  /** What it did, once it has ended by itself. */
  readonly ended: Promise<Result>;
  /** Interrupts it, as Ctrl-C does, and waits for its end. */
  stop(): Promise<Result>;
}

/** Starts `collectstatic --noinput --watch`, and waits until it waits. */
export async function watch(project: Project, argv: readonly string[] = []): Promise<Watching> {
  const watching = startWatching(project, 'collectstatic', ['--noinput', '--watch', ...argv]);
  await watching.line(argv.includes('--json') ? '"watching"' : 'Watching for changes');
  return watching;
}

/** Starts a command that goes on. It is ended after the tests of the file. */
export function startWatching(
  project: Project,
  name: CommandName,
  argv: readonly string[],
  options?: RunOptions,
): Watching {
  const child = start(project, name, argv, options);
  const ended = finished(project, child);
  const lines = { unread: [] as string[], all: '' };
  for (const stream of [child.stdout, child.stderr]) readLines(stream!, lines);
  afterFile(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  return {
    pid: child.pid!,
    async line(words) {
      for (;;) {
        const at = lines.unread.findIndex((line) => line.includes(words));
        if (at !== -1) return lines.unread.splice(0, at + 1).at(-1)!;
        if (child.exitCode !== null || child.signalCode !== null)
          throw new Error(`It has ended without '${words}':\n${lines.all}`);
        await Promise.race([once(child.stdout!, 'data'), once(child.stderr!, 'data'), ended]);
      }
    },
    printed: () => lines.all,
    ended,
    kill: (signal) => void child.kill(signal),
    stop() {
      child.kill('SIGINT');
      return ended;
    },
  };
}

function readLines(stream: Readable, lines: { readonly unread: string[]; all: string }): void {
  let rest = '';
  stream.on('data', (chunk) => {
    lines.all += chunk;
    const parts = `${rest}${chunk}`.split('\n');
    rest = parts.pop()!;
    lines.unread.push(...parts);
  });
}
