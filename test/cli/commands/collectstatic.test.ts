import { describe, expect, it, vi } from 'vitest';
import { runCollectstatic } from '../../../src/cli/commands/collectstatic.js';
import { parseArguments } from '../../../src/cli/program.js';
import type { CollectFlags } from '../../../src/cli/reporter.js';
import type { CollectOptions } from '../../../src/collectstatic.js';
import { collectReport, copied } from '../examples.js';
import { fakeTerminal } from '../fake-terminal.js';
import { fakeContext, settings } from './fake-context.js';

const question = { folder: '/project/out', clear: false };

function flagsOf(...argv: string[]): CollectFlags {
  const parsed = parseArguments('collectstatic', argv, fakeTerminal());
  if ('exitCode' in parsed || parsed.invocation.command !== 'collectstatic')
    throw new Error('not understood');
  return parsed.invocation.flags;
}

/** Runs the command over stages that only note what they are given. */
async function runWith(flags: CollectFlags, context = fakeContext()) {
  const stages = {
    loadSettings: vi.fn(async () => settings),
    collectstatic: vi.fn(async (_settings: unknown, options: CollectOptions = {}) => {
      options.onPlan?.([copied]);
      return collectReport();
    }),
  };
  const exitCode = await runCollectstatic(flags, context, stages);
  const options = stages.collectstatic.mock.calls[0]?.[1] ?? {};
  return { exitCode, options, stages, ...context };
}

describe('runCollectstatic', () => {
  it('loads the settings that the flags, the environment and the current directory ask for', async () => {
    const { stages } = await runWith(
      flagsOf('--settings', 's.json', '--static-root', 'o', '--static-url', '/s/', '--cache-dir', 'c'),
    );
    expect(stages.loadSettings).toHaveBeenCalledWith({
      cwd: '/project',
      env: { STATIC_ROOT: '/env' },
      file: 's.json',
      overrides: { staticRoot: 'o', staticUrl: '/s/', cacheDir: 'c' },
    });
  });

  it('hands the flags on', async () => {
    const { options } = await runWith(
      flagsOf(
        '-ncl',
        '-i',
        '*.map',
        '--no-default-ignore',
        '--no-post-process',
        '--checksum',
        '--fail-on-conflict',
      ),
    );
    expect(options).toMatchObject({
      dryRun: true,
      clear: true,
      link: true,
      ignore: ['*.map'],
      defaultIgnore: false,
      postProcess: false,
      checksum: true,
      failOnConflict: true,
    });
  });

  it('reports warnings, plan and outcome', async () => {
    const { exitCode, reporter } = await runWith(flagsOf());
    expect(exitCode).toBe(0);
    expect(reporter.warnings).toEqual(settings.warnings);
    expect(reporter.plans).toEqual([[copied]]);
    expect(reporter.collects).toEqual([collectReport()]);
  });

  it.each(['--noinput', '--dry-run'])('asks nothing with %s', async (flag) => {
    const { options } = await runWith(flagsOf(flag));
    expect(options.confirm).toBeUndefined();
  });

  it('asks on standard output', async () => {
    const { options, terminal } = await runWith(flagsOf(), fakeContext({ isTTY: true }));
    terminal.stdin.write('yes\n');
    expect(await options.confirm?.(question)).toBe(true);
    expect(terminal.stdout.text).toContain("Type 'yes' to continue");
    expect(terminal.stderr.text).toBe('');
  });

  it('asks on standard error with --json', async () => {
    const { options, terminal } = await runWith(flagsOf('--json'), fakeContext({ isTTY: true }));
    terminal.stdin.write('no\n');
    expect(await options.confirm?.(question)).toBe(false);
    expect(terminal.stdout.text).toBe('');
    expect(terminal.stderr.text).toContain("Type 'yes' to continue");
  });

  it('stops while the settings are loaded', async () => {
    const context = fakeContext();
    const collectstatic = vi.fn();
    const stages = { loadSettings: () => new Promise<never>(() => {}), collectstatic };
    const run = runCollectstatic(flagsOf(), context, stages);
    context.controller.abort(new Error('stop'));
    await expect(run).rejects.toThrow('stop');
    expect(collectstatic).not.toHaveBeenCalled();
  });
});
