import { inspect } from 'node:util';
import { StaticFilesError } from '../errors.js';
import { withBodyKind } from '../model/body.js';
import { hashOutputs } from '../model/content.js';
import { type CodingName, codingOfVariant } from '../model/content-encoding.js';
import { type DistinctPaths, distinctPaths } from '../model/distinct-paths.js';
import { type Output, originalOutput } from '../model/output.js';
import { isPublishable } from '../model/public-path.js';
import type { StaticFile } from '../model/static-file.js';
import { runPlugin } from '../plugins/plugin.js';
import type { Processor } from '../processors/processor.js';
import { isRecord } from '../text/json.js';
import { addManifest } from './add-manifest.js';
import { processorContext } from './processor-context.js';
import { type Run, runStage } from './run.js';
import { checkSourceVariants } from './source-variants.js';
import { warnUnmatchedGlobs } from './unmatched-patterns.js';

/**
 * Computes everything that a run publishes: runs the processors on the static files, in order, and adds the manifest.
 * Does not touch the destination, or look at it.
 *
 * @returns the outputs; the manifest comes last, if there is one
 * @throws StaticFilesError `plugin` if a processor fails or returns outputs that cannot be published, `source` if a file
 *   cannot be read
 */
export function postProcess(run: Run, files: readonly StaticFile[]): Promise<readonly Output[]> {
  const { settings, options, session, signal, warnings, findings } = run;
  return runStage(run, 'post-process', async () => {
    const earlier = warnings.length;
    const release = settings.release && { id: await settings.release.id(), published: new Date() };
    const originals = session ? session.originals(files) : files.map(originalOutput);
    const processors = options.postProcess === false ? [] : settings.processors;
    const made = await runProcessors(run, originals, processors);
    const checked = await checkSourceVariants(made, run);
    const stored = settings.storage.storesInline ? inlineVariants(checked.outputs) : checked.outputs;
    const outputs = options.readAll ? await hashOutputs(stored, signal) : stored;
    const { manifest, importMap, storage } = settings;
    const { publicUrl: staticUrl = settings.staticUrl } = storage;
    const isPlain = !release && !importMap && !processors.some(({ needsManifest }) => needsManifest);
    const all = isPlain
      ? outputs
      : await addManifest(outputs, {
          ...{ manifest, release, importMap, staticUrl },
          bareSpecifiers: run.bareSpecifiers,
          warn: run.warn,
          sourceVariants: checked.variants,
          builders: session?.manifestBuilders,
          signal,
        });
    await warnUnmatchedGlobs(run, {
      globs: storage.globs,
      optionsKey: 'storages.staticfiles.options',
      paths: all.map(({ publicPath }) => publicPath),
    });
    findings.warnings.push(...warnings.slice(earlier));
    return all;
  });
}

/**
 * Runs processors in order, each on the outputs of the one before it.
 *
 * @throws StaticFilesError `plugin` if a processor fails or returns outputs that cannot be published
 */
export async function runProcessors(
  run: Run,
  originals: readonly Output[],
  processors: readonly Processor[] = run.settings.processors,
): Promise<readonly Output[]> {
  let outputs = originals;
  for (const [index, processor] of processors.entries()) {
    const before = outputs;
    const context = processorContext(run, index);
    await warnUnmatchedGlobs(run, {
      globs: processor.globs,
      optionsKey: `postProcess[${index}][1]`,
      paths: before.map(({ logicalPath }) => logicalPath),
    });
    const made = await runPlugin(
      `processor '${processor.name}'`,
      () => processor.process(before, context),
      context.signal,
    );
    checkOutputs(made, processor, run.session?.pathsOf(index) ?? distinctPaths());
    outputs = made.map(withBodyKind);
    context.signal.throwIfAborted();
  }
  return outputs;
}

function checkOutputs(
  outputs: unknown,
  processor: Processor,
  paths: DistinctPaths,
): asserts outputs is readonly Output[] {
  if (!Array.isArray(outputs))
    throw failed(processor, `returned ${inspect(outputs)} instead of a list of outputs`);
  if (!paths.areIn(outputs, (output) => checkOutput(output, processor))) throw samePath(outputs, processor);
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
  // A static file may have a backslash in its name. A new backslash comes from a path that was joined on Windows.
  if (publicPath.includes('\\') && !logicalPath.includes('\\')) {
    throw failed(processor, `gave '${logicalPath}' the path '${publicPath}'. Write '/' between its parts`);
  }
}

function failed(processor: Processor, what: string): StaticFilesError {
  return new StaticFilesError('plugin', `The processor '${processor.name}' ${what}. Nothing was published.`);
}

function samePath(outputs: readonly Output[], processor: Processor): StaticFilesError {
  const first = new Map<string, Output>();
  const other = outputs.find((output) => {
    const isRepeated = first.has(output.publicPath);
    if (!isRepeated) first.set(output.publicPath, output);
    return isRepeated;
  })!;
  const one = first.get(other.publicPath)!;
  return new StaticFilesError(
    'plugin',
    `After the processor '${processor.name}', both '${one.logicalPath}' and '${other.logicalPath}' would be published as '${one.publicPath}'.`,
  );
}

/** Best first. Browsers accept `br` and `zstd` over TLS only, and only one encoding can be stored. */
const PREFERRED: readonly CodingName[] = ['gzip', 'br', 'zstd'];

/**
 * Publishes one compressed variant of each file under the file's own name, for storages that store inline. `content` stays
 * that of the file, since clients decode it; `stored` is that of the variant.
 */
function inlineVariants(outputs: readonly Output[]): readonly Output[] {
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
