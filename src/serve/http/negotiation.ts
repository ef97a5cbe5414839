import Negotiator from 'negotiator';

/** How many different headers are remembered. Browsers send a handful; whatever else comes is worked out anew. */
const MAX_REMEMBERED = 256;
const MAX_REMEMBERED_LENGTH = 128;

/** @param codings those that there are, joined by commas, `identity` included */
export type ChooseCoding = (accepted: string | undefined, codings: string) => string | undefined;

/**
 * Makes what chooses the coding that a client likes best, by the q-values of its Accept-Encoding; of those it likes
 * as well the one that stands first. https://www.rfc-editor.org/rfc/rfc9110#section-12.5.3
 *
 * @returns a function that gives `undefined` where the client accepts none
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

/** What its published types do not know yet. */
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
