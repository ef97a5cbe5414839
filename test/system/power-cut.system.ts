import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { collect } from '../support/command.js';
import { newProject, type Project, SETTINGS } from '../support/project.js';
import { must } from './install.js';

const FILES = 500;

/** A disk of its own in a file. Mounting takes the superuser of a Linux system. */
function newDisk() {
  const top = fs.mkdtempSync(path.join(os.tmpdir(), 'staticfiles-disk-'));
  const image = path.join(top, 'image');
  const folder = mountPoint('disk');
  fs.writeFileSync(image, '');
  fs.truncateSync(image, 128 * 1024 * 1024);
  must('mkfs.ext4', ['-q', image]);
  must('mount', ['-o', 'loop', image, folder]);
  onTestFinished(() => {
    for (const name of fs.readdirSync(top)) if (name !== 'image') must('umount', [path.join(top, name)]);
    fs.rmSync(top, { recursive: true });
  });
  return { folder, afterPowerCut };

  function mountPoint(name: string): string {
    const folder = path.join(top, name);
    fs.mkdirSync(folder);
    return folder;
  }

  /** What the disk holds at this moment, without what the system has yet to write: a copy of it, mounted. */
  function afterPowerCut<T>(look: (folder: string) => T): T {
    const copy = path.join(os.tmpdir(), `${path.basename(top)}.copy`);
    const folder = mountPoint('copy');
    fs.copyFileSync(image, copy);
    must('mount', ['-o', 'loop', copy, folder]);
    try {
      return look(folder);
    } finally {
      must('umount', [folder]);
      fs.rmdirSync(folder);
      fs.rmSync(copy);
    }
  }
}

function styles(colour: string, count = FILES) {
  return Object.fromEntries(
    Array.from({ length: count }, (_, i) => [`static/${i}.css`, `/* ${i} */ body { color: ${colour} }\n`]),
  );
}

function newSite(folder: string, options: object = {}): Project {
  return newProject(styles('red'), {
    ...SETTINGS,
    staticRoot: path.join(folder, 'root'),
    cacheDir: 'cache',
    postProcess: [['fingerprint', { originals: false }]],
    storages: { staticfiles: { options } },
  });
}

/** How many files that the live manifest names are there, by their colour. */
function colours(folder: string): Record<string, number> {
  const root = path.join(folder, 'root');
  const { paths } = JSON.parse(fs.readFileSync(path.join(root, 'staticfiles.json'), 'utf8'));
  const counts: Record<string, number> = {};
  for (const publicPath of Object.values<string>(paths)) {
    const colour = /color: (\w+) }\n$/.exec(fs.readFileSync(path.join(root, publicPath), 'utf8'))?.[1];
    counts[colour ?? 'damaged'] = (counts[colour ?? 'damaged'] ?? 0) + 1;
  }
  return counts;
}

async function publish(project: Project): Promise<void> {
  expect(await collect(project)).toMatchObject({ exit: 0, stderr: '' });
}

test('a power cut after a release was replaced leaves the new one whole', async () => {
  const { folder, afterPowerCut } = newDisk();
  const project = newSite(folder);
  await publish(project);
  project.write(styles('green', 3)); // few: and what the first run wrote was not flushed
  await publish(project);
  expect(afterPowerCut(colours)).toEqual({ green: 3, red: FILES - 3 });
  project.write(styles('blue', 3));
  await publish(project);
  expect(afterPowerCut(colours)).toEqual({ blue: 3, red: FILES - 3 });
  project.write(styles('black'));
  await publish(project);
  expect(afterPowerCut(colours)).toEqual({ black: FILES });
});

test('with durable, a power cut after the first publish leaves it whole', async () => {
  const { folder, afterPowerCut } = newDisk();
  await publish(newSite(folder, { durable: true }));
  expect(afterPowerCut(colours)).toEqual({ red: FILES });
});

test('without, the next run publishes again what a power cut damaged', async () => {
  const { folder, afterPowerCut } = newDisk();
  const project = newSite(folder, { durable: false });
  await publish(project);
  project.write(styles('green'));
  await publish(project);
  const root = path.join(folder, 'root');
  afterPowerCut((copy) => {
    fs.rmSync(root, { recursive: true });
    if (fs.existsSync(path.join(copy, 'root')))
      fs.cpSync(path.join(copy, 'root'), root, { recursive: true, preserveTimestamps: true });
  });
  await publish(project);
  expect(colours(folder)).toEqual({ green: FILES });
});
