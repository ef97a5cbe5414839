import { StaticFilesError } from './errors.js';
import type { Output } from './output.js';
import { isPublishable } from './paths.js';
import { runPlugin } from './plugin-errors.js';
import type { Processor, ProcessorContext } from './processors/processor.js';

/**
 * Runs the processors in order, each on what the one before it made.
 *
 * @throws StaticFilesError `plugin` where a processor fails, or makes outputs that cannot be published
 */
export async function postProcess(
  originals: readonly Output[],
  processors: readonly Processor[],
  contextOf: (processor: Processor, index: number) => ProcessorContext,
): Promise<readonly Output[]> {
  let outputs = originals;
  for (const [index, processor] of processors.entries()) {
    const before = outputs;
    const context = contextOf(processor, index);
    outputs = await runPlugin(
      `processor '${processor.name}'`,
      () => processor.process(before, context),
      context.signal,
    );
    checkPaths(outputs, processor);
    context.signal.throwIfAborted();
  }
  return outputs;
}

function checkPaths(outputs: readonly Output[], processor: Processor): void {
  const seen = new Set<string>();
  for (const output of outputs) {
    const { publicPath } = output;
    if (!isPublishable(publicPath)) {
      throw new StaticFilesError(
        'plugin',
        `The processor '${processor.name}' gave '${output.logicalPath}' the path '${publicPath}', which is not a path below the destination.`,
      );
    }
    seen.add(publicPath);
  }
  if (seen.size < outputs.length) throw samePath(outputs, processor);
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
