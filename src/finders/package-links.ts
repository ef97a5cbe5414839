import fs from 'node:fs';
import path from 'node:path';
import { StaticFilesError } from '../errors.js';
import { isWithin } from '../files/system-path.js';
import type { SearchRoot } from '../model/static-file.js';
import { packageFolderOf } from '../npm/packages.js';
import { quoted } from '../text/printable.js';
import type { FindContext } from './finder.js';
import { readSource, realFolder } from './source-access.js';

/**
 * What happens to a link in an npm package that points out of it: `warn` and `allow` publish its target, `error` fails
 * the run.
 */
export type VendorLinkPolicy = 'warn' | 'error' | 'allow';

/** Called by {@link walkTree} for each link that it follows. */
type Followed = (link: string, folder: string) => void;

/**
 * Checks the links of a root in an npm package. A link out of the package would publish its target, which may be a
 * private file of this machine. The package's own folder may be a link, as with pnpm and workspaces.
 *
 * @returns `undefined` if any link may be followed
 * @throws StaticFilesError `source` if the root itself is a link out of the package and the policy is `error`
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
    // If the root is a whole node_modules, each link belongs to the package that it is in. The package itself may be
    // one.
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
