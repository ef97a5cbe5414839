import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/** Runs a command to its end. Fails loudly, with all it said. */
export function must(command: string, argv: readonly string[], env: Record<string, string> = {}): string {
  const options = { encoding: 'utf8', env: { ...process.env, ...env }, maxBuffer: 1 << 28 } as const;
  const { status, stdout, stderr, error } = spawnSync(command, argv, options);
  if (status === 0) return stdout;
  const why = error?.message ?? `it exited with ${status}`;
  throw new Error(`'${command} ${argv.join(' ')}' failed: ${why}\n${stdout ?? ''}${stderr ?? ''}`);
}

function isInstalled(command: string): boolean {
  return spawnSync(command, ['--version'], { stdio: 'ignore' }).status === 0;
}

/** A program of a Debian package, which is installed where it is missing. */
export function debianProgram(program: string, packageName = program): string {
  if (!isInstalled(program)) debianPackage(packageName);
  return program;
}

/** Installs a Debian package (needs the superuser, by sudo if need be). */
export function debianPackage(packageName: string): void {
  const apt = process.getuid?.() === 0 ? ['apt-get'] : ['sudo', '-n', 'apt-get'];
  const [command, ...argv] = apt as [string, ...string[]];
  must(command, [...argv, 'update', '-qq']);
  must(command, [...argv, 'install', '-y', '-qq', '--no-install-recommends', packageName], {
    DEBIAN_FRONTEND: 'noninteractive',
  });
}

/** The Python of a virtual environment with Django, made once a machine. */
export function pythonWithDjango(): string {
  return pythonWith('django', ['django>=5.2']);
}

/**
 * The Python of a virtual environment, made once a machine.
 *
 * @param packages as pip takes them
 */
export function pythonWith(name: string, packages: readonly string[]): string {
  const folder = path.join(os.tmpdir(), `staticfiles-system-${name}`);
  const python = path.join(folder, 'bin', 'python');
  if (!fs.existsSync(path.join(folder, 'ready'))) {
    fs.rmSync(folder, { recursive: true, force: true });
    must('python3', ['-m', 'venv', folder]);
    must(python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...packages]);
    fs.writeFileSync(path.join(folder, 'ready'), '');
  }
  return python;
}
