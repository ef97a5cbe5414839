import { inspect } from 'node:util';
import { StaticFilesError } from '../errors.js';
import { type CodingName, codingOfVariant } from '../model/content-encoding.js';
import type { Output } from '../model/output.js';
import { isPublishable } from '../model/public-path.js';
import { runPlugin } from '../plugins/plugin.js';
import type { Processor, ProcessorContext } from '../processors/processor.js';
import { isRecord } from '../text/json.js';

/**
 * Runs the processors in order, each on what the one before it made.
 *
 * @throws StaticFilesError `plugin` where a processor fails, or makes outputs that cannot be published
 */
export async function postProcess(
  originals: readonly Output[],
  processors: readonly Processor[],
  contextOf: (index: number) => ProcessorContext,
): Promise<readonly Output[]> {
  let outputs = originals;
  for (const [index, processor] of processors.entries()) {
    const before = outputs;
    const context = contextOf(index);
    outputs = await runPlugin(
      `processor '${processor.name}'`,
      () => processor.process(before, context),
      context.signal,
    );
    checkOutputs(outputs, processor);
    context.signal.throwIfAborted();
  }
  return outputs;
}

function checkOutputs(outputs: unknown, processor: Processor): asserts outputs is readonly Output[] {
  if (!Array.isArray(outputs))
    throw failed(processor, `returned ${inspect(outputs)} in place of a list of outputs`);
  const seen = new Set<string>();
  for (const output of outputs) {
    checkOutput(output, processor);
    seen.add(output.publicPath);
  }
  if (seen.size < outputs.length) throw samePath(outputs, processor);
}

function checkOutput(output: unknown, processor: Processor): asserts output is Output {
  if (!isRecord(output) || typeof output.logicalPath !== 'string' || !isRecord(output.body)) {
    const shown = inspect(output, { depth: 0 });
    throw failed(processor, `returned ${shown}, which has no logicalPath, publicPath or body`);
  }
  const { publicPath, logicalPath } = output;
  if (typeof publicPath !== 'string' || !isPublishable(publicPath)) {
    const gave = `gave '${logicalPath}' the path ${inspect(publicPath)}`;
    throw failed(processor, `${gave}, which is not a path below the destination`);
  }
  // A file may have a backslash in its name; a new one is a path that was joined on Windows.
  if (publicPath.includes('\\') && !logicalPath.includes('\\')) {
    throw failed(processor, `gave '${logicalPath}' the path '${publicPath}'. Write '/' between its parts`);
  }
}

function failed(processor: Processor, what: string): StaticFilesError {
  return new StaticFilesError('plugin', `The processor '${processor.name}' ${what}. Nothing was published.`);
}

function samePath(outputs: readonly Output[], processor: Processor): StaticFilesError {
  const byPath = new Map<string, Output>();
  for (const b of outputs) {
    const a = byPath.get(b.publicPath);
    if (a !== undefined) {
      return new StaticFilesError(
        'plugin',
        `After the processor '${processor.name}', both '${a.logicalPath}' and '${b.logicalPath}' would be published as '${b.publicPath}'.`,
      );
    }
    byPath.set(b.publicPath, b);
  }
  throw new TypeError('No two outputs have one path.');
}

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
