import { StaticFilesError } from '../errors.js';
import type { OverwriteQuestion } from '../pipeline/options.js';
import type { Pruned } from '../prune/rules.js';
import { printable, printableName } from '../text/printable.js';
import type { CommandContext } from './commands/command.js';
import { goingText } from './texts/releases.js';

/** The part of a command's context that a question needs. */
export interface PromptContext extends Pick<CommandContext, 'signal'> {
  readonly reporter: Pick<CommandContext['reporter'], 'pause'>;
  readonly terminal: Pick<CommandContext['terminal'], 'stdin'>;
}

/**
 * Asks whether the destination may be overwritten. Only `yes` is a yes; the end of the input is a no.
 *
 * @throws StaticFilesError `cancelled` if the input is not a terminal; `interrupted` on Ctrl-C, or if `signal` is aborted
 */
export async function askToOverwrite(question: OverwriteQuestion, context: PromptContext): Promise<boolean> {
  const { folder, displayUrl = 'The destination' } = question;
  const why = folder === undefined ? `${displayUrl} may hold files` : `'${folder}' is not empty`;
  return ask(overwriteText(question), why, context);
}

/**
 * Asks whether files may be deleted. Only `yes` is a yes; the end of the input is a no.
 *
 * @throws StaticFilesError `cancelled` if the input is not a terminal; `interrupted` on Ctrl-C, or if `signal` is aborted
 */
export async function askToPrune(pruned: Pruned, context: PromptContext): Promise<boolean> {
  const amount = goingText(pruned);
  return ask(
    `\nThis will DELETE ${amount}, for good.\nType 'yes' to continue, or 'no' to cancel: `,
    `${amount} would be deleted`,
    context,
  );
}

/** The question, in Django's words. */
export function overwriteText({ folder, displayUrl = folder, clear, files }: OverwriteQuestion): string {
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

/** @param why why the question is asked; without a terminal, the error says it */
async function ask(
  question: string,
  why: string,
  { reporter, terminal: { stdin: input }, signal }: PromptContext,
): Promise<boolean> {
  if (!input.isTTY) {
    throw new StaticFilesError(
      'cancelled',
      `${why}, and there is no terminal to ask on. Nothing was changed. Add --noinput to go on without being asked.`,
    );
  }
  const { createInterface } = await import('node:readline');
  signal.throwIfAborted();
  const output = reporter.pause();
  const text = printable(question);
  // readline repaints its prompt from the line where it began, so it gets the last line only.
  const lastLine = text.lastIndexOf('\n') + 1;
  output.write(text.slice(0, lastLine));
  const lines = createInterface({ input, output });
  let answered = false;
  try {
    const answer = await new Promise<string | undefined>((resolve, reject) => {
      const interrupt = () => reject(new StaticFilesError('interrupted', 'Interrupted.'));
      signal.addEventListener('abort', interrupt, { once: true });
      lines.once('SIGINT', interrupt); // Ctrl-C on a terminal in raw mode is a key, not a signal.
      lines.once('close', () => resolve(undefined));
      lines.question(text.slice(lastLine), (line) => {
        answered = true;
        resolve(line);
      });
    });
    return answer === 'yes';
  } finally {
    lines.close();
    if (!answered) output.write('\n');
  }
}
