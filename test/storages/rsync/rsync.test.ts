import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { moduleOf, rsyncRules } from '../../../src/storages/rsync/options.js';
import { type RsyncOptions, rsyncStorage } from '../../../src/storages/rsync/rsync.js';

const BASE = path.resolve('/srv/project');

function rules(options: object) {
  return rsyncRules({ hosts: ['web1:/srv/static/'], ...options } as RsyncOptions, BASE);
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
  ])('accept the destination %s', (host, destination) => {
    expect(rules({ hosts: [host] }).hosts).toEqual([destination]);
  });

  it.each([
    [undefined, 'ssh -o BatchMode=yes'],
    ['ssh -p 2222', 'ssh -p 2222 -o BatchMode=yes'],
    ['/usr/bin/ssh -i key', '/usr/bin/ssh -i key -o BatchMode=yes'],
    [['ssh', '-i', "my key's"], "ssh -i 'my key''s' -o BatchMode=yes"],
    ['jump-shell', 'jump-shell'],
  ])('accept %j for the remote shell', (ssh, remoteShell) => {
    expect(rules(ssh === undefined ? {} : { ssh }).remoteShell).toBe(remoteShell);
  });

  it('accept arguments of rsync that change how files are sent', () => {
    const args = [
      ...['--chmod=F640', '--chown=www:www', '-z', '-zv', '-46', '--no-times', '--delay-updates'],
      ...['--bwlimit=5M', '--rsync-path=sudo -u www rsync', '--rsync-path=/opt/bin/rsync', '--timeout=600'],
      ...['--password-file=/etc/rsync.password', '--compress-choice=zstd', '--zl=9', '--port=8730'],
    ];
    expect(rules({ args }).args).toEqual(args);
  });

  const IGNORE = "Leave files out with the setting 'ignore'.";
  const DELETE = "Delete with 'collectstatic --clear' or 'staticfiles prune'.";
  it.each([
    ['--exclude=*.css', IGNORE],
    ['--exclude-from=list', IGNORE],
    ['--include=*', IGNORE],
    ['--filter=- *.css', IGNORE],
    ['-f- *.css', IGNORE],
    ['-zf- *.css', IGNORE],
    ['-F', IGNORE],
    ['-C', IGNORE],
    ['--cvs-exclude', IGNORE],
    ['--max-size=1m', IGNORE],
    ['--min-size=1', IGNORE],
    ['--delete', DELETE],
    ['--delete-after', DELETE],
    ['--delete-missing-args', DELETE],
    ['--del', DELETE],
    ['--remove-source-files', DELETE],
    ['-e ssh', "Use the option 'ssh'."],
    ['-ze', "Use the option 'ssh'."],
    ['--rsh=ssh', "Use the option 'ssh'."],
    ['-n', "Use 'collectstatic --dry-run'."],
    ['-zn', "Use 'collectstatic --dry-run'."],
    ['--dry-run', "Use 'collectstatic --dry-run'."],
    ['--inplace', 'Allowed are:'],
    ['--append-verify', 'Allowed are:'],
    ['--backup', 'Allowed are:'],
    ['--backup-dir=old', 'Allowed are:'],
    ['--suffix=.old', 'Allowed are:'],
    ['-b', 'Allowed are:'],
    ['--existing', 'Allowed are:'],
    ['--ignore-existing', 'Allowed are:'],
    ['--ignore-missing-args', 'Allowed are:'],
    ['--ignore-times', 'Allowed are:'],
    ['--size-only', 'Allowed are:'],
    ['--no-checksum', 'Allowed are:'],
    ['--checksum-choice=none', 'Allowed are:'],
    ['--update', 'Allowed are:'],
    ['-u', 'Allowed are:'],
    ['-zu', 'Allowed are:'],
    ['--files-from=list', 'Allowed are:'],
    ['--from0', 'Allowed are:'],
    ['-0', 'Allowed are:'],
    ['--list-only', 'Allowed are:'],
    ['--compare-dest=other', 'Allowed are:'],
    ['--link-dest=other', 'Allowed are:'],
    ['--partial-dir=other', 'Allowed are:'],
    ['--temp-dir=/tmp', 'Allowed are:'],
    ['-T/tmp', 'Allowed are:'],
    ['--iconv=utf8,latin1', 'Allowed are:'],
    ['--relative', 'Allowed are:'],
    ['--no-r', 'Allowed are:'],
    ['-M--exclude=*.css', 'Allowed are:'],
    ['--remote-option=--exclude=*.css', 'Allowed are:'],
    ['--one-file-system', 'Allowed are:'],
    ['--max-alloc=1', 'Allowed are:'],
    ['--stop-after=1', 'Allowed are:'],
    ['--only-write-batch=f', 'Allowed are:'],
    ['--read-batch=f', 'Allowed are:'],
    ['--quiet', 'Allowed are:'],
    ['--out-format=%n', 'Allowed are:'],
    ['--human-readable', 'Allowed are:'],
    ['--verbose=1', 'Allowed are:'],
    ['--', 'Allowed are:'],
    ['-', 'Allowed are:'],
  ])('refuse the argument %s', (argument, instead) => {
    const start = `storage 'rsync': args: '${argument}': it may change which files arrive, or how. ${instead}`;
    expect(() => rules({ args: ['-z', argument] })).toThrow(
      expect.objectContaining({ code: 'settings', message: expect.stringContaining(start) }),
    );
  });

  it.each(['--chmod', '--timeout=', '--rsync-path'])('say that %s needs a value', (argument) => {
    const [name] = argument.split('=');
    expect(() => rules({ args: [argument] })).toThrow(
      `'${argument}': it needs a value. Write '${name}=…', in one word.`,
    );
  });

  it.each(['--rsync-path=rsync --exclude=*.css', '--rsync-path=sudo /usr/bin/rsync --existing'])(
    'refuse arguments of the remote rsync: %s',
    (argument) => {
      expect(() => rules({ args: [argument] })).toThrow(
        "arguments of the remote rsync may change which files arrive. End it with the program, such as '--rsync-path=sudo rsync'.",
      );
    },
  );

  it.each([
    ['hosts', undefined, 'hosts: this key is required.'],
    [
      'hosts',
      'web1:/srv',
      "hosts: expected a list of destinations such as 'deploy@web1:/srv/static/', got 'web1:/srv'.",
    ],
    ['hosts', [], "hosts: expected a list of destinations such as 'deploy@web1:/srv/static/', got []."],
    [
      'hosts',
      ['-e sh'],
      "hosts[0]: expected a list of destinations such as 'deploy@web1:/srv/static/', got '-e sh'.",
    ],
    [
      'hosts',
      ['web1:/srv', 'web1:/srv/'],
      "hosts: expected each destination once, got [ 'web1:/srv', 'web1:/srv/' ].",
    ],
    ['ssh', 22, "ssh: expected a command such as 'ssh -p 2222', or its words as a list, got 22."],
    ['ssh', [], "ssh: expected a command such as 'ssh -p 2222', or its words as a list, got []."],
    ['args', '-z', "args: expected a list of arguments of rsync, got '-z'."],
  ])('refuse %s: %j', (name, value, why) => {
    const message = `storage 'rsync': ${why} (staticfiles.E007)`;
    expect(() => rules({ [name]: value })).toThrow(expect.objectContaining({ code: 'settings', message }));
  });

  it('say that an argument is one word', () => {
    expect(() => rules({ args: ['sudo rsync'] })).toThrow(
      "'sudo rsync': an argument is one word that begins with '-', such as '--chmod=F640'.",
    );
  });

  it('name each unknown one', () => {
    const options = { hosts: ['web1:/srv'], delete: true, host: 'web1' };
    expect(() => rules(options)).toThrow(
      "storage 'rsync': delete: unknown option of the storage 'rsync'. Allowed: hosts, ssh, args. (staticfiles.E006)\nstorage 'rsync': host: unknown option of the storage 'rsync'. Did you mean 'hosts'? (staticfiles.E006)",
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

it('shows users all destinations', () => {
  const options: RsyncOptions = { hosts: ['web1:/srv/static', 'web2:/srv/static/'] };
  const context = { baseDir: BASE, staticRoot: BASE, staticUrl: '/static/', cacheDir: BASE };
  expect(rsyncStorage(options, context).displayUrl).toBe('web1:/srv/static/, web2:/srv/static/');
});
