import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { moduleOf, rsyncRules } from '../../src/storages/rsync/options.js';
import { type RsyncOptions, rsyncStorage } from '../../src/storages/rsync.js';

const BASE = path.resolve('/srv/project');

function rules(options: object) {
  return rsyncRules({ hosts: ['web1:/srv/static/'], ...options }, BASE);
}

describe('the options of rsync', () => {
  it.each([
    ['deploy@web1:/srv/static', 'deploy@web1:/srv/static/'],
    ['deploy@web1:static/', 'deploy@web1:static/'],
    ['web2::assets/static', 'web2::assets/static/'],
    ['rsync://web2:8730/assets', 'rsync://web2:8730/assets/'],
    ['[::1]:/srv/static', '[::1]:/srv/static/'],
    ['../public', `${path.resolve(BASE, '../public')}/`],
    ['/srv/a:b/', '/srv/a:b/'],
    ['./a:b/', `${path.join(BASE, 'a:b')}/`],
  ])('have the destination %s', (host, destination) => {
    expect(rules({ hosts: [host] }).hosts).toEqual([destination]);
  });

  it.each([
    [undefined, 'ssh -o BatchMode=yes'],
    ['ssh -p 2222', 'ssh -p 2222 -o BatchMode=yes'],
    ['/usr/bin/ssh -i key', '/usr/bin/ssh -i key -o BatchMode=yes'],
    [['ssh', '-i', "my key's"], "ssh -i 'my key''s' -o BatchMode=yes"],
    ['jump-shell', 'jump-shell'],
  ])('have %j for the remote shell', (ssh, remoteShell) => {
    expect(rules(ssh === undefined ? {} : { ssh }).remoteShell).toBe(remoteShell);
  });

  it('take arguments of rsync', () => {
    const args = ['--chmod=F640', '-z', '--no-times', '--delay-updates', '--bwlimit=5M'];
    expect(rules({ args }).args).toEqual(args);
  });

  it.each([
    ['--inplace'],
    ['--append-verify'],
    ['--delete'],
    ['--delete-after'],
    ['--del'],
    ['--remove-source-files'],
    ['-n'],
    ['-zn'],
    ['--dry-run'],
    ['--files-from=list'],
  ])('refuse the argument %s', (argument) => {
    const message = `The option 'args' of the storage 'rsync' has '${argument}': it would change what the storage relies on. Leave it out.`;
    expect(() => rules({ args: [argument] })).toThrow(expect.objectContaining({ code: 'settings', message }));
  });

  it.each([
    ['hosts', undefined, "is undefined; expected a list of destinations such as 'deploy@web1:/srv/static/'."],
    [
      'hosts',
      'web1:/srv',
      'is "web1:/srv"; expected a list of destinations such as \'deploy@web1:/srv/static/\'.',
    ],
    ['hosts', [], "is []; expected a list of destinations such as 'deploy@web1:/srv/static/'."],
    [
      'hosts',
      ['-e sh'],
      'is ["-e sh"]; expected a list of destinations such as \'deploy@web1:/srv/static/\'.',
    ],
    ['hosts', ['web1:/srv', 'web1:/srv/'], 'is ["web1:/srv","web1:/srv/"]; expected each destination once.'],
    ['ssh', 22, "is 22; expected a command such as 'ssh -p 2222', or its words as a list."],
    ['ssh', [], "is []; expected a command such as 'ssh -p 2222', or its words as a list."],
    ['args', '-z', 'is "-z"; expected a list of arguments of rsync.'],
  ])('refuse %s: %j', (name, value, why) => {
    const message = `The option '${name}' of the storage 'rsync' ${why}`;
    expect(() => rules({ [name]: value })).toThrow(expect.objectContaining({ code: 'settings', message }));
  });

  it('say that an argument is one word', () => {
    expect(() => rules({ args: ['--rsync-path', 'sudo rsync'] })).toThrow(
      "has 'sudo rsync': an argument is one word that begins with '-', such as '--chmod=F640'.",
    );
  });

  it('name each that there is none of', () => {
    const options = { hosts: ['web1:/srv'], delete: true, host: 'web1' };
    const list = 'Allowed are: hosts, ssh, args.';
    expect(() => rules(options)).toThrow(
      `Unknown option 'delete' of the storage 'rsync'. ${list}\nUnknown option 'host' of the storage 'rsync'. ${list}`,
    );
  });
});

it.each([
  ['rsync://web1:8730/assets/site/a b/', 'rsync://web1:8730/assets/', 'site/a b/'],
  ['rsync://web1/assets/', 'rsync://web1/assets/', ''],
  ['me@web1::assets/site/', 'me@web1::assets/', 'site/'],
  ['[::1]::assets/', '[::1]::assets/', ''],
])('knows the module of the daemon %s', (destination, module, folder) => {
  expect(moduleOf(destination)).toEqual({ module, folder });
});

it('shows people all destinations', () => {
  const options: RsyncOptions = { hosts: ['web1:/srv/static', 'web2:/srv/static/'] };
  const context = { baseDir: BASE, staticRoot: BASE, staticUrl: '/static/', cacheDir: BASE };
  expect(rsyncStorage(options, context).place).toBe('web1:/srv/static/, web2:/srv/static/');
});
