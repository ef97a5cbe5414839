// Requests a second of static file servers, side by side: the server on one processor, wrk on another.
import { execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { printTable } from './table.js';
import { withWorkFolder } from './work-folder.js';

const bin = path.resolve(import.meta.dirname, '../bin/collectstatic.js');
const staticfiles = path.resolve(import.meta.dirname, '../bin/staticfiles.js');
const script = path.resolve(import.meta.dirname, 'server.js');
const distinctNames = path.resolve(import.meta.dirname, 'distinct-names.lua');
const { values } = parseArgs({
  options: { rounds: { type: 'string', default: '3' }, seconds: { type: 'string', default: '2' } },
});
const rounds = Number(values.rounds);
const NAMES = ['ours', 'ours, no cache', 'sirv', 'express', 'fastify', 'nginx', 'same headers'];
const FIRST_PORT = 18_000;

await withWorkFolder(async (work) => {
  const root = publish(work, 'site', {
    'small.js': text(1_000),
    'large.bin': randomBytes(100_000),
    'styles.css': text(20_000),
  });
  const cases = casesOf(root);
  const results = new Map(cases.map(({ name }) => [name, new Map(NAMES.map((each) => [each, []]))]));
  const servers = [];
  for (const [index, name] of NAMES.entries())
    servers.push(await start(name, root, FIRST_PORT + index, work));
  for (let round = 0; round < rounds; round++) {
    for (const each of cases) {
      for (const server of rotated(servers, round)) {
        results
          .get(each.name)
          .get(server.name)
          .push(await requestsPerSecond(server, each));
      }
    }
  }
  for (const { stop } of servers) await stop();
  print(results);
  await printWorkers(path.dirname(root), cases[0]);
  const icons = publishIcons(work);
  await printStart(icons, work);
  await printUnknown(icons, work);
});

/** What is asked for. Each server is asked for the same published file. */
function casesOf(root) {
  const { paths } = JSON.parse(fs.readFileSync(path.join(root, 'staticfiles.json'), 'utf8'));
  const url = (name) => `/static/${paths[name]}`;
  return [
    { name: '1 kB', path: url('small.js') },
    { name: '20 kB, precompressed', path: url('styles.css'), headers: { 'accept-encoding': 'gzip, br' } },
    { name: '100 kB', path: url('large.bin') },
    { name: '304', path: url('small.js'), revalidates: true },
    { name: '404', path: '/static/none.js' },
  ];
}

/** Collects files with fingerprints and variants; gives the folder they are published to. */
function publish(work, name, files) {
  const dir = path.join(work, name);
  for (const [file, bytes] of Object.entries(files)) {
    fs.mkdirSync(path.dirname(path.join(dir, 'static', file)), { recursive: true });
    fs.writeFileSync(path.join(dir, 'static', file), bytes);
  }
  const settings = { postProcess: ['fingerprint', 'compress'], cacheDir: path.join(work, 'cache') };
  fs.writeFileSync(path.join(dir, 'staticfiles.config.json'), JSON.stringify(settings));
  execFileSync('node', [bin, '--noinput', '-v', '0'], { cwd: dir, stdio: 'inherit' });
  return path.join(dir, 'staticfiles');
}

/** Words that compress as text does. */
function text(bytes) {
  const words = ['color', 'margin', 'padding', 'display', 'flex', 'border', 'solid', 'inherit', 'grid'];
  let made = '';
  for (let index = 0; made.length < bytes; index = (index * 7 + 3) % 1009)
    made += `${words[index % 9]}${index} `;
  return made.slice(0, bytes);
}

function start(name, root, port, work) {
  if (name === 'nginx') return startNginx(root, port, work);
  return started(spawn('taskset', ['-c', '0', 'node', script, name, root, String(port)]), name, port);
}

function started(child, name, port) {
  const began = performance.now();
  const stop = () => new Promise((done) => child.once('exit', done) && child.kill());
  child.stderr.pipe(process.stderr);
  return new Promise((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`${name} has ended with ${code}`)));
    child.stdout.once('data', (line) => {
      const milliseconds = performance.now() - began;
      resolve({ name, port, stop, milliseconds, megabytes: Number(/\d+/.exec(line)[0]) });
    });
  });
}

/** Debian's nginx, with the settings that its users are told to make for static files. */
async function startNginx(root, port, work) {
  const config = path.join(work, 'nginx.conf');
  fs.writeFileSync(
    config,
    `worker_processes 1; daemon off; pid ${work}/nginx.pid; error_log ${work}/nginx.log;
    events { worker_connections 1024; }
    http {
      include /etc/nginx/mime.types; access_log off; sendfile on; tcp_nopush on; keepalive_requests 10000000;
      open_file_cache max=1000; open_file_cache_errors on; etag on;
      server {
        listen 127.0.0.1:${port};
        location /static/ { alias ${root}/; gzip_static on; add_header cache-control "public, max-age=31536000, immutable"; }
      }
    }`,
  );
  const child = spawn('taskset', ['-c', '0', 'nginx', '-c', config], { stdio: 'inherit' });
  const stop = () => new Promise((done) => child.once('exit', done) && child.kill());
  await rest(500);
  return { name: 'nginx', port, stop };
}

async function requestsPerSecond({ port }, { path: target, headers = {}, revalidates }) {
  const url = `http://127.0.0.1:${port}${target}`;
  const sent = { ...headers, ...(revalidates && { 'if-none-match': await etagOf(url) }) };
  return wrk(...Object.entries(sent).flatMap(([name, value]) => ['-H', `${name}: ${value}`]), url);
}

function wrk(...flags) {
  const argv = ['-c', '1', 'wrk', '-t1', '-c32', `-d${values.seconds}s`, ...flags];
  return Number(/Requests\/sec:\s+([\d.]+)/.exec(execFileSync('taskset', argv, { encoding: 'utf8' }))[1]);
}

async function etagOf(url) {
  const response = await fetch(url);
  await response.arrayBuffer();
  return response.headers.get('etag');
}

function print(results) {
  const rows = [...results].map(([name, byServer]) => {
    const rates = NAMES.map((server) => median(byServer.get(server)));
    const sirv = rates[NAMES.indexOf('sirv')];
    const nginx = rates[NAMES.indexOf('nginx')];
    return [
      name,
      ...rates.map((rate) => rate.toFixed(0)),
      (rates[0] / sirv).toFixed(2),
      (rates[1] / sirv).toFixed(2),
      (rates[0] / nginx).toFixed(2),
      (rates[0] / rates.at(-1)).toFixed(2),
    ];
  });
  console.log(
    `Requests a second, medians of ${rounds} rounds of ${values.seconds} s, 32 connections; Node ${process.version}\n`,
  );
  printTable(['', ...NAMES, 'ours/sirv', 'no cache/sirv', 'ours/nginx', 'ours/same headers'], rows);
}

/** Requests a second of `staticfiles serve`, and what all its processes need for one; wrk shares their processors. */
async function printWorkers(cwd, { path: target }) {
  const results = { 'one process': [], '--workers 1': [], '--workers 2': [] };
  for (let round = 0; round < rounds; round++) {
    for (const [name, measured] of rotated(Object.entries(results), round)) {
      const flags = name === 'one process' ? [] : name.split(' ');
      const argv = [staticfiles, 'serve', '--port', String(FIRST_PORT), ...flags];
      const child = spawn('node', argv, { cwd, stdio: ['ignore', 'pipe', 'inherit'] });
      await new Promise((resolve) => child.stdout.once('data', resolve));
      const before = processorMicroseconds(child.pid);
      const url = `http://127.0.0.1:${FIRST_PORT}${target}`;
      const load = ['-c', '0-1', 'wrk', '-t1', '-c32', `-d${values.seconds}s`, url];
      const report = execFileSync('taskset', load, { encoding: 'utf8' });
      const requests = Number(/(\d+) requests in/.exec(report)[1]);
      const used = (processorMicroseconds(child.pid) - before) / requests;
      measured.push({ rate: requests / Number(values.seconds), used });
      await new Promise((done) => child.once('exit', done) && child.kill());
    }
  }
  const rows = Object.entries(results).map(([name, measured]) => [
    name,
    median(measured.map(({ rate }) => rate)).toFixed(0),
    median(measured.map(({ used }) => used)).toFixed(1),
  ]);
  console.log('\nThe command, 1 kB; the processors are shared with wrk:\n');
  printTable(['', 'requests a second', 'µs of CPU a request'], rows);
}

/** CPU time of a process, its threads and its children. */
function processorMicroseconds(pid) {
  const tasks = `/proc/${pid}/task`;
  const own = fs
    .readdirSync(tasks)
    .map((task) => Number(fs.readFileSync(`${tasks}/${task}/schedstat`, 'utf8').split(' ')[0]) / 1000);
  const children = fs.readFileSync(`${tasks}/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean);
  return [...own, ...children.map(processorMicroseconds)].reduce((sum, each) => sum + each, 0);
}

function median(values) {
  return values.toSorted((a, b) => a - b)[values.length >> 1];
}

function publishIcons(work) {
  const files = Array.from({ length: 50_000 }, (_, index) => [
    `icons/${index % 100}/${index}.svg`,
    `<svg>${index}</svg>`,
  ]);
  return publish(work, 'icons', Object.fromEntries(files));
}

/** How long after its start a server of many files answers, and what memory it has then. */
async function printStart(root, work) {
  const rows = [];
  for (const name of ['bare', 'ours', 'sirv']) {
    const times = [];
    let megabytes = 0;
    for (let round = 0; round < rounds; round++) {
      const server = await start(name, root, FIRST_PORT, work);
      times.push(server.milliseconds);
      megabytes = server.megabytes;
      await server.stop();
    }
    rows.push([name, median(times).toFixed(0), String(megabytes)]);
  }
  console.log('\nStart with 50,000 files, published with fingerprints:\n');
  printTable(['', 'ready, ms', 'MB'], rows);
}

/** What it costs to be asked for names that nobody has published, another one each time. */
async function printUnknown(root, work) {
  const names = { plain: '/static/icons/7/%012x.svg', fingerprint: '/static/icons/7/7.%012x.svg' };
  const rows = [];
  for (const releases of [0, 10, 100]) {
    addReleases(root, releases);
    const server = await start('ours', root, FIRST_PORT, work);
    const rates = { plain: [], fingerprint: [] };
    for (let round = 0; round < rounds; round++) {
      for (const [kind, name] of rotated(Object.entries(names), round))
        rates[kind].push(wrk('-s', distinctNames, `http://127.0.0.1:${server.port}`, '--', name));
    }
    await server.stop();
    const [plain, fingerprint] = [median(rates.plain), median(rates.fingerprint)];
    rows.push([String(releases), plain.toFixed(0), fingerprint.toFixed(0), (fingerprint / plain).toFixed(2)]);
  }
  console.log('\nRequests a second for unknown names, another one each time; 50,000 files a release:\n');
  printTable(['releases', 'plain name', 'fingerprint', 'fingerprint/plain'], rows);
}

/** Releases with a manifest and details as large as the newest one's. */
function addReleases(root, count) {
  for (let number = 1; number <= count; number++) {
    const folder = path.join(root, `v${number}`);
    if (fs.existsSync(folder)) continue;
    fs.mkdirSync(folder);
    for (const name of ['staticfiles.json', 'staticfiles.details.json'])
      fs.linkSync(path.join(root, name), path.join(folder, name));
  }
}

function rotated(list, by) {
  return [...list.slice(by % list.length), ...list.slice(0, by % list.length)];
}

function rest(milliseconds) {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
