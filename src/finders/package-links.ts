import fs from 'node:fs';
import path from 'node:path';
import { StaticFilesError } from '../errors.js';
import { isWithin } from '../files/system-path.js';
import type { SearchRoot } from '../model/static-file.js';
import { packageFolderOf } from '../npm/packages.js';
import { quoted } from '../text/printable.js';
import type { FindContext } from './finder.js';
import { readSource, realFolder } from './source-access.js';

/** What is done about a followed link: for {@link walkTree}. */
type Followed = (link: string, folder: string) => void;

/**
 * Looks after the links of a root in an npm package: what they lead to outside of the package would be published, be it
 * a private file of this machine. That the package's own folder is a link, as pnpm and workspaces have it, is no matter.
 *
 * @returns `undefined` where any link may be followed
 * @throws StaticFilesError `source`, where the root itself is such a link and the policy says `error`
 */
export function packageLinks(
  root: SearchRoot,
  policy: VendorLinkPolicy,
  { warn }: Pick<FindContext, 'warn'>,
): Followed | undefined {
  if (!root.vendor || policy === 'allow') return undefined;
  const found = packageFolderOf(root.dir) ?? packageFolderOf(realFolder(root.dir));
  const rootPackage = found === undefined ? undefined : realFolder(found);

  const followed: Followed = (link, folder) => {
    // Below a whole node_modules each package has its own links, and to be one is the package's right.
    const allowed = rootPackage ?? packageFolderOf(folder);
    if (allowed === undefined) return;
    const target = readSource(link, () => fs.realpathSync.native(link));
    if (isWithin(target, allowed)) return;
    const what = `${quoted(link)} is a link out of the npm package ${quoted(allowed)}, to ${quoted(target)}`;
    if (policy === 'error') throw new StaticFilesError('source', `${what}. ${REFUSED}`);
    warn({ code: 'link-out-of-package', message: `${what}, which is published. ${HINT}` });
  };
  followed(root.dir, realFolder(path.dirname(root.dir)));
  return followed;
}

const HINT = "Set vendorLinks to 'error' to refuse such links, or to 'allow' if they are meant.";

const REFUSED =
  "Nothing was published. Leave it out with an ignore pattern, or set vendorLinks to 'warn' or 'allow'.";

/**
 * What happens to a link in an npm package that leads out of it: `warn` and `allow` publish what it leads to, `error` fails
 * the run.
 */
export type VendorLinkPolicy = 'warn' | 'error' | 'allow';
