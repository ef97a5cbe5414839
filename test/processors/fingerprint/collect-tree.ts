import { type CollectOptions, collectstatic } from '../../../src/collectstatic.js';
import { StaticFilesError } from '../../../src/errors.js';
import type { Warning } from '../../../src/model/static-file.js';
import type { FingerprintOptions } from '../../../src/processors/fingerprint/options.js';
import type { FoundReference } from '../../../src/references/report.js';
import { loadSettings } from '../../../src/settings/load.js';
import { newProject, SETTINGS } from '../../support/project.js';
import type { TreeInput } from '../../support/tree.js';

interface Extra {
  /** Options of `fingerprint`. */
  readonly options?: FingerprintOptions;
  readonly settings?: object;
  readonly run?: CollectOptions;
}

/** Collects a tree with fingerprints. Returns the warnings, the references, and the error if there is one. */
export async function collectTree(tree: TreeInput, { options = {}, settings = {}, run = {} }: Extra = {}) {
  const project = newProject(tree, { ...SETTINGS, postProcess: [['fingerprint', options]], ...settings });
  const shown = (text: string) => text.replaceAll(`${project.dir}/`, '');
  const warnings: Warning[] = [];
  const references: FoundReference[] = [];
  let error: StaticFilesError | undefined;
  const again = async () => {
    warnings.length = 0;
    references.length = 0;
    const result = await collectstatic(await loadSettings({ cwd: project.dir, env: {} }), {
      ...run,
      onReferences: (report) => references.push(...report.list()),
    });
    warnings.push(...result.warnings.map((each) => ({ ...each, message: shown(each.message) })));
    return result;
  };
  try {
    await again();
  } catch (reason) {
    if (!(reason instanceof StaticFilesError)) throw reason;
    error = reason;
  }
  return { project, warnings, references, error, message: shown(error?.message ?? ''), again };
}
