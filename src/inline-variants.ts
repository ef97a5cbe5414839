import { type CodingName, codingOfVariant } from './content-codings.js';
import type { Output } from './output.js';

/** What is taken where there are several: nothing but gzip is understood by clients without TLS. */
const PREFERRED: readonly CodingName[] = ['gzip', 'br', 'zstd'];

/**
 * Makes the compressed variants take the place of their files, each under the file's own name. What is known of the
 * content stays, since clients have that when they have decoded it; what is known of the variant is what is stored.
 */
export function inlineVariants(outputs: readonly Output[]): readonly Output[] {
  const variants = outputs.filter((output) => codingOfVariant(output) !== undefined);
  const chosen = new Map<string, { readonly coding: CodingName; readonly variant: Output }>();
  for (const coding of PREFERRED.toReversed()) {
    for (const variant of variants) {
      if (codingOfVariant(variant) === coding) chosen.set(variant.variantOf!, { coding, variant });
    }
  }
  return outputs
    .filter((output) => codingOfVariant(output) === undefined)
    .map((output) => {
      const { coding, variant } = chosen.get(output.publicPath) ?? {};
      return variant ? inlined(output, variant, coding!) : output;
    });
}

function inlined({ stored: _, ...output }: Output, { body, content }: Output, coding: CodingName): Output {
  return { ...output, body, contentEncoding: coding, ...(content && { stored: content }) };
}
