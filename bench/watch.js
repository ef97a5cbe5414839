// What a change takes until it is published, while collectstatic --watch runs: event by event, at 17,000 files.
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { FINGERPRINTS } from './contestants.js';
import { makeSite, sizeOf } from './site.js';
import { printTable } from './table.js';
import { withWorkFolder } from './work-folder.js';

const bin = path.resolve(import.meta.dirname, '../bin/collectstatic.js');
const { values } = parseArgs({ options: { rounds: { type: 'string', default: '7' } } });
const rounds = Number(values.rounds);

await withWorkFolder(async (work) => {
  const site = makeSite(work);
  const { files, bytes } = sizeOf(site);
  console.log(`${files} files, ${(bytes / 1e6).toFixed(1)} MB, fingerprinted; Node ${process.version}`);
  const watching = await start(work, site);
  console.log(`Ready after ${watching.readyMs} ms, ${watching.megabytes()} MB.\n`);
  const events = eventsIn(site.source);
  await watching.nextRun();
  printTable(['event', 'outcome', 'ms, median', 'longest'], await measure(watching, events));
  const before = watching.processorSeconds();
  await rest(5000);
  const used = watching.processorSeconds() - before;
  console.log(`\nAt rest ${((used / 5) * 100).toFixed(1)} % of a processor, ${watching.megabytes()} MB.`);
  await watching.stop();
});

/** What is done in each round, in turns; the clock starts with it, and ends when the run that follows has told. */
function eventsIn(source) {
  const at = (...parts) => path.join(source, 'watched', ...parts);
  const write = (name, text = `${Math.random()}`) => {
    fs.mkdirSync(path.dirname(at(name)), { recursive: true });
    fs.writeFileSync(at(name), text);
  };
  const many = Array.from({ length: 1000 }, (_, index) => `checkout/${index}.txt`);
  write('edited.js');
  write('b.js', "import './edited.js'; import './c.js'");
  write('c.js', "import './b.js'");
  return {
    'a file of two that refer to it is edited': () => write('edited.js'),
    'the same is saved by rename': () => {
      write('saved~');
      fs.renameSync(at('saved~'), at('edited.js'));
    },
    'a file is added': () => write('added.txt'),
    'a file is deleted': () => fs.rmSync(at('added.txt')),
    'a folder is made': () => write('from/x.txt'),
    'a folder is moved': () => fs.renameSync(at('from'), at('to')),
    'a folder is deleted': () => fs.rmSync(at('to'), { recursive: true }),
    '1,000 files are written': () => many.map((name) => write(name)),
  };
}

async function measure(watching, events) {
  const rows = new Map(Object.keys(events).map((name) => [name, { outcome: '', times: [] }]));
  for (let round = 0; round < rounds; round++) {
    for (const [name, act] of Object.entries(events)) {
      await rest(400);
      const began = performance.now();
      act();
      rows.get(name).outcome = await watching.nextRun();
      rows.get(name).times.push(performance.now() - began);
    }
  }
  return Array.from(rows, ([name, { outcome, times }]) => {
    const sorted = times.toSorted((a, b) => a - b);
    return [name, outcome, sorted[sorted.length >> 1].toFixed(0), sorted.at(-1).toFixed(0)];
  });
}

function start(work, site) {
  const settings = {
    staticRoot: path.join(work, 'out'),
    staticfilesDirs: ['static'],
    cacheDir: path.join(work, 'cache'),
    ...FINGERPRINTS,
  };
  fs.writeFileSync(path.join(site.dir, 'staticfiles.config.json'), JSON.stringify(settings));
  const began = performance.now();
  const child = spawn('node', [bin, '--noinput', '--watch'], {
    cwd: site.dir,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let waiting;
  const stat = () => fs.readFileSync(`/proc/${child.pid}/stat`, 'utf8').split(' ');
  return new Promise((resolve) => {
    child.stdout.on('data', (chunk) => {
      for (const line of String(chunk).split('\n')) {
        if (line.includes('Watching for changes')) {
          resolve({
            readyMs: Math.round(performance.now() - began),
            megabytes: () => Math.round((Number(stat()[23]) * 4096) / 1e6),
            processorSeconds: () => (Number(stat()[13]) + Number(stat()[14])) / 100,
            nextRun: () =>
              new Promise((done) => {
                waiting = done;
              }),
            stop: () =>
              new Promise((done) => {
                child.once('exit', done);
                child.kill('SIGINT');
              }),
          });
        } else if (line.includes('published in')) waiting?.(line.replace(/.*: /, '').replace(/ in .*/, ''));
      }
    });
  });
}

function rest(milliseconds) {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
