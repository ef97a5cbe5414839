import fs from 'node:fs';
import path from 'node:path';

/** Makes a folder in memory, where the system has such (else bench/.work), and removes it afterwards. */
export async function withWorkFolder(action) {
  const memory = '/dev/shm';
  const parent = fs.existsSync(memory) ? memory : path.join(import.meta.dirname, '.work');
  fs.mkdirSync(parent, { recursive: true });
  const work = fs.mkdtempSync(path.join(parent, 'staticfiles-bench-'));
  try {
    await action(work);
  } finally {
    fs.rmSync(work, { recursive: true, force: true });
  }
}
