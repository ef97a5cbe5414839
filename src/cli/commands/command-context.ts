import type { Reporter } from '../reporter.js';
import type { Terminal } from '../terminal.js';

/** What every command is run with. */
export interface CommandContext {
  readonly reporter: Reporter;
  readonly terminal: Terminal;
  /** Aborted when the command is to stop. */
  readonly signal: AbortSignal;
  /** Has something done when the command is over, after success and failure alike. */
  atEnd(step: () => Promise<void>): void;
}
