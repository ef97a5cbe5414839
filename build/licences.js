import fs from 'node:fs';
import path from 'node:path';

const HEAD = 'The files in this folder contain code of the following packages.';

/**
 * Returns the licences of the packages whose code is in a bundle.
 *
 * @throws if a package has no licence
 */
export function licencesOf(output) {
  const folders = output.flatMap(({ moduleIds }) => moduleIds.flatMap((id) => packageFolder(id) ?? []));
  const texts = [...new Set(folders)].map(licenceOf).sort();
  return `${[HEAD, ...texts].join(`\n\n${'-'.repeat(80)}\n\n`)}\n`;
}

/** The folder of the package that a module is in; `undefined` for one of ours. */
function packageFolder(id) {
  return /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+/.exec(id)?.[0];
}

function licenceOf(folder) {
  const { name, version, license } = JSON.parse(fs.readFileSync(path.join(folder, 'package.json'), 'utf8'));
  const file = fs.readdirSync(folder).find((each) => /^licen[cs]e/i.test(each));
  if (file === undefined) throw new Error(`${name} has no licence file in ${folder}.`);
  return `${name} ${version} (${license})\n\n${fs.readFileSync(path.join(folder, file), 'utf8').trim()}`;
}
