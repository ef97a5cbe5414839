/**
 * Runs a program, unless this Node is too old for it. Old versions must be able to parse this file, and dist/ must not
 * be imported before they are refused.
 */
export async function start(program) {
  // An `import` would load more of Node than a program needs (build/builtins.js).
  const fs = process.getBuiltinModule ? process.getBuiltinModule('node:fs') : await import('node:fs');
  const { engines, version } = JSON.parse(
    fs.readFileSync(new URL('../package.json', import.meta.url), 'utf8'),
  );
  if (!fits(process.versions.node, engines.node)) {
    const required = engines.node.replace('^', '').replace(' || >=', ', or ');
    process.stderr.write(
      `${program} requires Node ${required} or newer; this is Node ${process.versions.node}.\n`,
    );
    process.exitCode = 1;
    return;
  }
  if (process.argv.length === 3 && process.argv[2] === '--version' && wrote(fs, `${version}\n`)) return;
  const { enableCompileCache } = process.getBuiltinModule('node:module');
  if (enableCompileCache) enableCompileCache();
  const { run } = await import('../dist/cli/main.js');
  await run(program);
}

/** Whether all was written. If not, the program writes it again, and reports why it cannot. */
function wrote(fs, text) {
  try {
    return fs.writeSync(1, text) === text.length;
  } catch (_error) {
    return false;
  }
}

/** Whether a version is in a range of the form `^20.19 || >=22.3`. */
function fits(version, range) {
  const [major, minor] = version.split('.').map(Number);
  return range.split(' || ').some((part) => {
    const [partMajor, partMinor] = /(\d+)\.(\d+)/.exec(part).slice(1).map(Number);
    return (major === partMajor && minor >= partMinor) || (part.startsWith('>=') && major > partMajor);
  });
}
