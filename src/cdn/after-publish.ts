import type { ChangedFile } from '../storages/storage.js';

/** What a hook gets besides what has changed. */
export interface AfterPublishContext {
  /** Where browsers reach what is published: `https://cdn.example.com/static/`, `/static/`. It ends in `/`. */
  readonly publicUrl: string;
  /** When aborted, stop soon and reject. */
  readonly signal: AbortSignal;
}

/**
 * The hook after publishing: told what has changed, deletions too, once everything stands; not called where nothing has
 * changed, and in dry runs. It throws raw errors: the caller says that all is published. A `StaticFilesError` is shown
 * as it is.
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
