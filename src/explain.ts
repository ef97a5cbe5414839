import { findStaticFiles } from './finders/find.js';
import { type FindResult, findstatic } from './findstatic.js';
import { withoutFingerprint } from './model/fingerprinted-path.js';
import { logicalPathOf } from './model/logical-path.js';
import { type Output, originalOutput, publicPathsOf } from './model/output.js';
import { findContext } from './pipeline/find.js';
import { runProcessors } from './pipeline/post-process.js';
import { type Run, startRun } from './pipeline/run.js';
import type { NameExplanation, ReferenceReport } from './references/report.js';
import type { Settings } from './settings/settings.js';

/** Where a static file comes from, and why it is published under its name. */
export interface ExplainResult extends FindResult {
  /** Path under which the file is published; `undefined` if it is not. */
  readonly publicPath?: string;
  /** Whether the asked name has another fingerprint: of other bytes, or of other settings. */
  readonly isOutdated?: true;
  /** `undefined` if no processor has given the file its name, as without `fingerprint`. */
  readonly explanation?: NameExplanation;
}

/**
 * Returns what `findstatic()` does, and why each file has its public path. Runs the processors, but publishes nothing.
 *
 * @param names logical paths, public paths, or URLs of either
 * @throws StaticFilesError like `findstatic()`; `plugin` if a processor fails
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
    const known = published.has(path) ? path : logicalPaths.get(path);
    if (known !== undefined) return { path: known, isOutdated: false };
    const plain = withoutFingerprint(path);
    const isOutdated = plain !== undefined && published.has(plain);
    return { path: isOutdated ? plain : path, isOutdated };
  });
  const results = await findstatic(
    settings,
    asked.map(({ path }) => path),
  );
  return results.map((result, index) => {
    const publicPath = published.get(result.logicalPath);
    const explanation = reports.map((each) => each.explain(result.logicalPath)).find(Boolean);
    return {
      ...result,
      name: names[index]!,
      ...(publicPath !== undefined && { publicPath }),
      ...(asked[index]!.isOutdated && { isOutdated: true as const }),
      ...(explanation && { explanation }),
    };
  });
}

async function outputsOf(run: Run): Promise<readonly Output[]> {
  const { files } = await findStaticFiles(run.settings.finders, findContext(run));
  return runProcessors(run, files.map(originalOutput));
}
