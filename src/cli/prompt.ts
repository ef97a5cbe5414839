import { StaticFilesError } from '../errors.js';
import type { OverwriteQuestion } from '../pipeline/options.js';
import { printable, printableName } from '../text/printable.js';
import type { InputStream, OutputStream } from './terminal.js';

/** Where a person is asked. */
export interface PromptStreams {
  readonly input: InputStream;
  readonly output: OutputStream;
}

/**
 * Asks whether the destination may be overwritten; only `yes` is a yes, the end of the input is a no.
 *
 * @throws StaticFilesError `cancelled` where the input is no terminal, so that nobody can answer;
 *   `interrupted` on Ctrl-C, and when `signal` is aborted.
 */
export async function askToOverwrite(
  question: OverwriteQuestion,
  streams: PromptStreams,
  signal: AbortSignal,
): Promise<boolean> {
  if (!streams.input.isTTY) throw nobodyToAsk(question);
  return (await ask(promptText(question), streams, signal)) === 'yes';
}

/**
 * Asks whether files may be deleted; likewise.
 *
 * @param amount what would be deleted: `12 files (1.1 MB)`
 * @throws StaticFilesError as {@link askToOverwrite}
 */
export async function askToPrune(
  amount: string,
  streams: PromptStreams,
  signal: AbortSignal,
): Promise<boolean> {
  if (!streams.input.isTTY) {
    throw new StaticFilesError(
      'cancelled',
      `${amount} would be deleted, and there is no terminal on which to ask whether to go on. ` +
        'Nothing was changed. Use --noinput to prune without being asked.',
    );
  }
  const text = `\nThis will DELETE ${amount}, for good.\nType 'yes' to continue, or 'no' to cancel: `;
  return (await ask(text, streams, signal)) === 'yes';
}

/** The question, in Django's words. */
export function promptText({ folder, displayUrl = folder, clear, files }: OverwriteQuestion): string {
  const where = displayUrl === undefined ? '.\n\n' : `:\n\n    ${printableName(displayUrl)}\n\n`;
  const amount = files === undefined ? '' : ` (${files} ${files === 1 ? 'file' : 'files'})`;
  const danger = clear
    ? `This will DELETE ALL FILES in this location${amount}!`
    : 'This will overwrite existing files!';
  return (
    '\nYou have requested to collect static files at the destination\n' +
    `location as specified in your settings${where}` +
    `${danger}\nAre you sure you want to do this?\n\n` +
    "Type 'yes' to continue, or 'no' to cancel: "
  );
}

function nobodyToAsk({ folder, displayUrl = 'The destination' }: OverwriteQuestion): StaticFilesError {
  const why = folder === undefined ? `${displayUrl} may hold files` : `'${folder}' is not empty`;
  return new StaticFilesError(
    'cancelled',
    `${why}, and there is no terminal on which to ask whether to go on. ` +
      'Nothing was changed. Use --noinput to collect without being asked.',
  );
}

async function ask(
  question: string,
  { input, output }: PromptStreams,
  signal: AbortSignal,
): Promise<string | undefined> {
  const { createInterface } = await import('node:readline');
  signal.throwIfAborted();
  const text = printable(question);
  // readline repaints its prompt from the line where it began, so it may be given one line only.
  const lastLine = text.lastIndexOf('\n') + 1;
  output.write(text.slice(0, lastLine));
  const lines = createInterface({ input, output });
  let answered = false;
  try {
    return await new Promise((resolve, reject) => {
      const interrupt = () => reject(new StaticFilesError('interrupted', 'Interrupted.'));
      signal.addEventListener('abort', interrupt, { once: true });
      lines.once('SIGINT', interrupt); // Ctrl-C: on a terminal in raw mode it is a key and no signal.
      lines.once('close', () => resolve(undefined));
      lines.question(text.slice(lastLine), (answer) => {
        answered = true;
        resolve(answer);
      });
    });
  } finally {
    lines.close();
    if (!answered) output.write('\n');
  }
}
