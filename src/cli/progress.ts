import type { Stage } from '../pipeline/options.js';
import type { OutputStream } from './terminal.js';
import { sizeText } from './texts/format.js';

/** One line that shows how far a run is. */
export interface ProgressLine {
  update(stage: Stage, done: number, total: number, bytes?: number): void;
  /** Erases the line, before something else is printed and at the end. */
  erase(): void;
}

const FIRST_SHOWN_MS = 1000;

const REDRAWN_MS = 100;

const ERASE = '\r\u001b[K';

const TITLES: Readonly<Record<Stage, string>> = {
  find: 'Finding files',
  'post-process': 'Post-processing',
  plan: 'Comparing',
  publish: 'Publishing',
};

/**
 * Returns a line on a terminal, which is shown once a run has taken a second.
 *
 * @param now returns milliseconds of a clock that never goes back
 */
export function createProgressLine(
  stream: OutputStream,
  now: () => number = () => performance.now(),
): ProgressLine {
  let due: number | undefined;
  let visible = false;
  return {
    update(stage, done, total, bytes) {
      const time = now();
      due ??= time + FIRST_SHOWN_MS;
      if (time < due) return;
      due = time + REDRAWN_MS;
      visible = true;
      // A line as wide as the terminal would wrap, and could not be erased then.
      stream.write(ERASE + progressText(stage, done, total, bytes).slice(0, (stream.columns ?? 80) - 1));
    },
    erase() {
      if (visible) stream.write(ERASE);
      visible = false;
    },
  };
}

function progressText(stage: Stage, done: number, total: number, bytes: number | undefined): string {
  const title = TITLES[stage];
  const sent = bytes === undefined ? '' : ` (${sizeText(bytes)})`;
  if (total > 0) return `${title}: ${done} of ${total}${sent}`;
  return done > 0 ? `${title}: ${done}` : `${title}…`;
}
