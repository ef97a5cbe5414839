import { readFileSync } from 'node:fs';
import process from 'node:process';

/**
 * Runs a program, unless this Node is too old for it. Old versions must be able to parse this file, and dist/ must not
 * be imported before they are refused.
 */
export async function start(program) {
  const { engines } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  const required = engines.node.replace('>=', '');
  if (isOlder(process.versions.node, required)) {
    process.stderr.write(
      `${program} requires Node ${required} or newer; this is Node ${process.versions.node}.\n`,
    );
    process.exitCode = 1;
    return;
  }
  const { run } = await import('../dist/cli/main.js');
  await run(program);
}

function isOlder(version, required) {
  const [major, minor] = version.split('.').map(Number);
  const [requiredMajor, requiredMinor] = required.split('.').map(Number);
  return major < requiredMajor || (major === requiredMajor && minor < requiredMinor);
}
