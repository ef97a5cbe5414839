// Sets the shop up, collects its static files, shows where an overridden one comes from, and deploys.
import { execSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';

const shop = path.join(import.meta.dirname, 'shop');

if (!isInstalled()) step('npm ci --no-audit --no-fund', 'The packages whose files the shop uses');
step('npm run --silent collectstatic -- --noinput --clear', 'Everything into one place');
showCollected();
step(
  'npm run --silent findstatic -- -v 2 css/forms.css',
  'Three apps have css/forms.css: where does it come from?',
);
step(
  'npm run --silent deploy',
  'Deployed, as a pipeline would: nothing has changed since, so nothing is copied',
);

function step(command, title) {
  console.log(`\n── ${title}\n$ ${command}`);
  execSync(command, { cwd: shop, stdio: 'inherit' });
}

/** Whether the shop's packages are those of its lock file. */
function isInstalled() {
  const installed = fs.statSync(path.join(shop, 'node_modules/.package-lock.json'), {
    throwIfNoEntry: false,
  });
  return (
    installed !== undefined && installed.mtimeMs >= fs.statSync(path.join(shop, 'package-lock.json')).mtimeMs
  );
}

function showCollected() {
  const root = path.join(shop, 'staticfiles');
  for (const { name } of fs.readdirSync(root, { withFileTypes: true })) {
    console.log(`${String(countFiles(path.join(root, name))).padStart(7)}  staticfiles/${name}`);
  }
}

function countFiles(place) {
  if (!fs.statSync(place).isDirectory()) return 1;
  const entries = fs.readdirSync(place, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).length;
}
