import type { ChangedFile } from '../storages/storage.js';

/** What the hook gets besides the changed files. */
export interface AfterPublishContext {
  /** The URL of the published files: `https://cdn.example.com/static/`, `/static/`. Ends in `/`. */
  readonly publicUrl: string;
  /** When aborted, stop soon and reject. */
  readonly signal: AbortSignal;
}

/**
 * The hook after publishing. It is called once everything is published, with the files that were written or deleted. It is
 * not called in dry runs, nor if nothing has changed. If it throws, the command fails and says that everything is
 * published. A `StaticFilesError` is shown as it is.
 *
 * @example
 * const afterPublish: AfterPublish = async (changed, { signal }) => {
 *   await fetch('https://cdn.example.com/purge', { method: 'POST', body: JSON.stringify(changed), signal });
 * };
 */
export type AfterPublish = (
  changed: readonly ChangedFile[],
  context: AfterPublishContext,
) => void | Promise<void>;
