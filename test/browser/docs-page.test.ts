import { expect, test } from 'vitest';
import { packagesPage } from './docs-page.js';

test('docs/packages.md is current (npm run generate)', async () => {
  await expect(packagesPage()).toMatchFileSnapshot('../../docs/packages.md');
});
