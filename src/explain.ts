import { findStaticFiles } from './finders/find.js';
import { type FindResult, findstatic } from './findstatic.js';
import { logicalPathOf } from './model/logical-path.js';
import { type Output, originalOutput, publicPathsOf } from './model/output.js';
import { runProcessors } from './pipeline/post-process.js';
import { findContext, type Run, startRun } from './pipeline/run.js';
import type { NameExplanation, ReferenceReport } from './references/report.js';
import type { Settings } from './settings/settings.js';

/** Where a static file comes from, and why it is published under its name. */
export interface ExplainResult extends FindResult {
  /** The name it is published under; none where no file of that name is published. */
  readonly publicPath?: string;
  /** None where no processor makes names of what files refer to. */
  readonly explanation?: NameExplanation;
}

/**
 * Says of static files all that `findstatic` says, and why they are published under their names. Runs the processors as
 * a run would, and publishes nothing.
 *
 * @param names Logical paths, paths as they are published, or public URLs of either.
 * @throws StaticFilesError as `findstatic` does, and where a processor fails
 * @example
 * const [result] = await explainStatic(settings, ['css/app.27e20196a850.css']);
 * result.explanation?.dependsOn; // ['img/logo.svg']
 */
export async function explainStatic(
  settings: Settings,
  names: readonly string[],
  options: { readonly signal?: AbortSignal } = {},
): Promise<readonly ExplainResult[]> {
  const reports: ReferenceReport[] = [];
  const run = startRun(settings, { ...options, onReferences: (report) => reports.push(report) });
  const outputs = await outputsOf(run);
  const published = publicPathsOf(outputs);
  const logicalPaths = new Map(outputs.map(({ publicPath, logicalPath }) => [publicPath, logicalPath]));
  const asked = names.map((name) => {
    const path = logicalPathOf(name, settings.staticUrl);
    return published.has(path) ? path : (logicalPaths.get(path) ?? path);
  });
  const results = await findstatic(settings, asked);
  return results.map((result, index) => {
    const publicPath = published.get(result.logicalPath);
    const explanation = reports.map((each) => each.explain(result.logicalPath)).find(Boolean);
    return {
      ...result,
      name: names[index]!,
      ...(publicPath !== undefined && { publicPath }),
      ...(explanation && { explanation }),
    };
  });
}

async function outputsOf(run: Run): Promise<readonly Output[]> {
  const { files } = await findStaticFiles(run.settings.finders, findContext(run));
  return runProcessors(run, files.map(originalOutput));
}
