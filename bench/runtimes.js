import { fromTests } from './from-tests.js';

const { npmProgram } = await fromTests('servers/start/install.ts');

const PLATFORM = `${process.platform}-${process.arch}`;

const PROGRAMS = {
  'Node 20': () => npmProgram(`node-${PLATFORM}`, '20', 'bin/node'),
  'Node 24': () => npmProgram(`node-${PLATFORM}`, '24', 'bin/node'),
  Bun: () => npmProgram(`@oven/bun-${PLATFORM.replace('arm64', 'aarch64')}`, '1', 'bin/bun'),
};

/**
 * Installs runtimes where they are missing.
 *
 * @param names such as `Node 24`
 * @returns for each its `name` and `program`
 */
export function runtimes(names = Object.keys(PROGRAMS)) {
  return names.map((name) => {
    const program = PROGRAMS[name];
    if (!program)
      throw new Error(`There is no runtime '${name}'. There are: ${Object.keys(PROGRAMS).join(', ')}`);
    return { name, program: program() };
  });
}
