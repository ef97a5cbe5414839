// Installs the packages of the shop, collects its static files, shows where an overridden one comes from, and deploys.
import { execSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';

const shop = path.join(import.meta.dirname, 'shop');

if (!isInstalled()) step('npm ci --no-audit --no-fund', 'Install the packages whose files the shop uses');
step('npm run --silent collectstatic -- --noinput --clear', 'Collect everything into one folder');
showCollected();
step(
  'npm run --silent findstatic -- -v 2 css/forms.css',
  'Three apps have css/forms.css: where does it come from?',
);
step('npm run --silent deploy', 'Deploy, as a pipeline would: nothing has changed, so nothing is copied');

function step(command, title) {
  console.log(`\n── ${title}\n$ ${command}`);
  execSync(command, { cwd: shop, stdio: 'inherit' });
}

/** Whether the shop's packages are installed as its lock file says. */
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

function countFiles(folder) {
  if (!fs.statSync(folder).isDirectory()) return 1;
  const entries = fs.readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).length;
}
