import type { Account } from './account.js';

/**
 * Notes which files earlier runs have published and this one does not: they stay for pages that are still open, until
 * they are pruned. It is told to later runs when the index is next written.
 */
export function noteLeftBehind(account: Account, published: ReadonlySet<string>, now: number): void {
  for (const [publicPath, object] of account.objects) {
    const { leftSince } = object;
    if (leftSince === undefined) continue;
    const isLeft = !published.has(publicPath);
    if (isLeft !== leftSince > 0) account.note(publicPath, { ...object, leftSince: isLeft ? now : 0 });
  }
}
