import pc from 'picocolors';
import type { OutputStream, Terminal } from './terminal.js';

export type Colors = Pick<ReturnType<typeof pc.createColors>, 'red' | 'yellow'>;

/**
 * The colours for a stream: none where it is no terminal, whatever runs there. `NO_COLOR` takes them away,
 * `FORCE_COLOR` (not `0` or `false`) brings them; `NO_COLOR` wins.
 *
 * @see https://no-color.org and https://force-color.org
 */
export function colorsFor(stream: OutputStream, env: Terminal['env']): Colors {
  // picocolors' own guess is not used: it colours pipes wherever CI is set.
  return pc.createColors(wantsColors(stream, env));
}

function wantsColors(stream: OutputStream, env: Terminal['env']): boolean {
  const { NO_COLOR, FORCE_COLOR, TERM } = env;
  if (NO_COLOR) return false;
  if (FORCE_COLOR) return FORCE_COLOR !== '0' && FORCE_COLOR !== 'false';
  return stream.isTTY === true && TERM !== 'dumb';
}
