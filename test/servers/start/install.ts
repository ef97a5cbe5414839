import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { debianPackage, must } from '../../system/install.js';

/** The folder of programs that are kept between runs. Each version has a folder of its own. */
const CACHE = process.env.STATICFILES_TEST_CACHE ?? path.join(os.tmpdir(), 'staticfiles-servers');

/** Fills a folder once for this machine. A folder that an interrupted run left is made again. */
function once(name: string, fill: (folder: string) => void): string {
  const folder = path.join(CACHE, name);
  if (!fs.existsSync(path.join(folder, 'ready'))) {
    fs.rmSync(folder, { recursive: true, force: true });
    fs.mkdirSync(folder, { recursive: true });
    fill(folder);
    fs.writeFileSync(path.join(folder, 'ready'), '');
  }
  return folder;
}

/**
 * Returns a program built from a Go module. Its sources are downloaded once and not kept.
 *
 * @param packagePath of the program: `github.com/versity/versitygw/cmd/versitygw`
 */
export function goProgram(packagePath: string, version: string): string {
  const name = path.basename(packagePath);
  const folder = once(`${name}-${version}`, (made) => {
    const env = { GOBIN: made, GOFLAGS: '-modcacherw', CGO_ENABLED: '0' };
    must('go', ['install', '-trimpath', '-ldflags=-s -w', `${packagePath}@${version}`], env);
  });
  return path.join(folder, name);
}

/** Returns the entry file of an npm package's program, installed apart from the project's own packages. */
export function npmProgram(packageName: string, version: string, entry: string): string {
  return path.join(npmPackages({ [packageName]: version }), packageName, entry);
}

/**
 * Returns the folder `node_modules` of npm packages that are installed together, apart from the project's own packages.
 *
 * @param versions exact versions by the names of the packages
 */
export function npmPackages(versions: Readonly<Record<string, string>>): string {
  const specifiers = Object.entries(versions).map(([name, version]) => `${name}@${version}`);
  const folder = once(specifiers.join('+').replaceAll('/', '-'), (made) => {
    fs.writeFileSync(path.join(made, 'package.json'), '{"private":true}');
    // Install scripts of packages stay unrun: some download what the registry does not have.
    const argv = ['install', '--silent', '--no-audit', '--no-fund', '--ignore-scripts', ...specifiers];
    must('npm', ['--prefix', made, ...argv]);
  });
  return path.join(folder, 'node_modules');
}

/** Returns the path of a Debian package's program. Installs the package if it is missing. */
export function debianFile(file: string, packageName: string): string {
  if (!fs.existsSync(file)) debianPackage(packageName);
  return file;
}
