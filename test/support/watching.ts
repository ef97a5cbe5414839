import { EventEmitter, once } from 'node:events';
import type { Readable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
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
  const lines: Lines = { unread: [], all: '', hasEnded: false, news: new EventEmitter() };
  for (const stream of [child.stdout, child.stderr]) readLines(stream!, lines);
  const ended = finished(project, child).finally(() => {
    lines.hasEnded = true;
    lines.news.emit('news');
  });
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
        if (lines.hasEnded) throw new Error(`It has ended without '${words}':\n${lines.all}`);
        await once(lines.news, 'news');
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

/** What a command prints, line by line. */
interface Lines {
  /** Lines that no test has waited for yet. */
  unread: string[];
  all: string;
  /** Whether all was read, which is later than the exit of the process. */
  hasEnded: boolean;
  /** Emits `news` after each change of these. */
  readonly news: EventEmitter;
}

function readLines(stream: Readable, lines: Lines): void {
  const decoder = new StringDecoder(); // a chunk may end within a character
  let rest = '';
  const add = (text: string) => {
    lines.all += text;
    const parts = `${rest}${text}`.split('\n');
    rest = parts.pop()!;
    lines.unread.push(...parts);
    lines.news.emit('news');
  };
  stream.on('data', (chunk) => add(decoder.write(chunk)));
  stream.on('end', () => lines.unread.push(rest));
}
