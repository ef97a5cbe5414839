import Negotiator from 'negotiator';

/** Limits of the remembered headers. Browsers send a handful of short ones. */
const MAX_REMEMBERED = 256;
const MAX_REMEMBERED_LENGTH = 128;

/**
 * Chooses a coding.
 *
 * @param accepted `Accept-Encoding`
 * @param codings available codings joined by commas, including `identity`
 * @returns `undefined` if the client accepts none of them
 */
export type ChooseCoding = (accepted: string | undefined, codings: string) => string | undefined;

/**
 * Returns a function that chooses the coding with the highest q-value; on a tie, the first.
 * https://www.rfc-editor.org/rfc/rfc9110#section-12.5.3
 */
export function createNegotiation(): ChooseCoding {
  const remembered = new Map<string, Map<string, string | undefined>>();
  return (accepted, codings) => {
    if (accepted === undefined) return 'identity';
    if (accepted.length > MAX_REMEMBERED_LENGTH) return choose(accepted, codings);
    const choices = remembered.get(codings) ?? new Map<string, string | undefined>();
    if (choices.has(accepted)) return choices.get(accepted);
    if (choices.size === MAX_REMEMBERED) choices.clear();
    const coding = choose(accepted, codings);
    remembered.set(codings, choices.set(accepted, coding));
    return coding;
  };
}

/** Whether a client accepts HTML. https://www.rfc-editor.org/rfc/rfc9110#section-12.5.1 */
export function acceptsHtml(accept: string | undefined): boolean {
  return new Negotiator({ headers: { accept } }).mediaType(['text/html']) !== undefined;
}

/** Option that the package's types lack. */
interface PreferringNegotiator {
  encodings(available: readonly string[], options: { readonly preferred: readonly string[] }): string[];
}

function choose(accepted: string, codings: string): string | undefined {
  // https://www.rfc-editor.org/rfc/rfc9110#section-8.4.1.3
  const headers = { 'accept-encoding': accepted.replace(/\bx-gzip\b/gi, 'gzip') };
  const negotiator: PreferringNegotiator = new Negotiator({ headers });
  const preferred = codings.split(',');
  return negotiator.encodings(preferred, { preferred })[0];
}
