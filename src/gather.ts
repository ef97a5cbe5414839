import { addManifest } from './add-manifest.js';
import { type Conflict, refuseConflicts } from './conflicts.js';
import { findStaticFiles } from './find.js';
import { inlineVariants } from './inline-variants.js';
import { knowOutputs } from './known-output.js';
import { type Output, originalOutput } from './output.js';
import { postProcess } from './post-process.js';
import { findContext, processorContext, type Run, runStage } from './run.js';
import { checkSourceVariants } from './source-variants.js';
import type { StaticFile } from './static-file.js';

/** All that a run publishes, computed from the sources alone. */
export interface Gathered {
  /** The manifest at last, where there is one. */
  readonly outputs: readonly Output[];
  readonly conflicts: readonly Conflict[];
}

/** Finds the static files and post-processes them. The destination is not touched, nor looked at. */
export async function gather(run: Run): Promise<Gathered> {
  const { files, conflicts } = await runStage(run, 'find', () => find(run));
  const outputs = await runStage(run, 'post-process', () => process(run, files));
  return { outputs, conflicts };
}

async function find(run: Run) {
  const { settings, options, session } = run;
  const ask = () => findStaticFiles(settings.finders, findContext(run));
  const found = await (session ? session.find(ask) : ask());
  if (options.failOnConflict || settings.conflicts === 'error') refuseConflicts(found.conflicts);
  return found;
}

async function process(run: Run, files: readonly StaticFile[]): Promise<readonly Output[]> {
  const { settings, options, session, signal } = run;
  const release = settings.release && { id: await settings.release.id(), published: new Date() };
  const originals = session ? session.originals(files) : files.map(originalOutput);
  const processors = options.postProcess === false ? [] : settings.processors;
  const made = await postProcess(originals, processors, (index) => processorContext(run, index));
  const checked = await checkSourceVariants(made, run);
  const stored = settings.storage.storesInline ? inlineVariants(checked.outputs) : checked.outputs;
  const outputs = options.readAll ? await knowOutputs(stored, signal) : stored;
  const { manifest, importMap, storage } = settings;
  const { publicUrl: staticUrl = settings.staticUrl } = storage;
  if (!release && !importMap && !processors.some(({ needsManifest }) => needsManifest)) return outputs;
  return addManifest(outputs, {
    ...{ manifest, release, importMap, staticUrl },
    sourceVariants: checked.variants,
    knownDetails: session?.details,
    signal,
  });
}
