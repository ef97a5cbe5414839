import { readBody } from './body.js';
import { contentFacts } from './content-facts.js';
import { readStamp } from './file-stamp.js';
import type { Body, ContentFacts, Output } from './output.js';
import { createPace } from './pace.js';
import { nameSourceErrors } from './source-errors.js';

/** An output of whose bytes is known what the manifest's details tell. */
export type KnownOutput = Output & { readonly content: ContentFacts };

/**
 * Reads the outputs of which no processor has told what their bytes are. They then are published only as they were
 * read.
 *
 * @throws StaticFilesError `source` where one cannot be read, or changes meanwhile
 */
export async function knowOutputs(
  outputs: readonly Output[],
  signal: AbortSignal,
): Promise<readonly KnownOutput[]> {
  if (outputs.every(isKnown)) return outputs;
  const pace = createPace(signal);
  const known: KnownOutput[] = [];
  for (const output of outputs) {
    if (pace.due()) await pace.yield();
    known.push(isKnown(output) ? output : nameSourceErrors(output, () => readFacts(output)));
  }
  return known;
}

function isKnown(output: Output): output is KnownOutput {
  return output.content !== undefined;
}

function readFacts(output: Output): KnownOutput {
  const body = inItsState(output.body);
  return { ...output, body, content: contentFacts(readBody(body), 'md5') };
}

function inItsState(body: Body): Body {
  return 'file' in body ? { ...body, stamp: body.stamp ?? readStamp(body.file) } : body;
}
