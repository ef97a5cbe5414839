import { createJiti } from 'jiti';

const jiti = createJiti(import.meta.url);

/** Loads a module of test/. Servers, runtimes and other programs are installed as for the tests. */
export function fromTests(name) {
  return jiti.import(`../test/${name}`);
}
