import { expectTypeOf, it } from 'vitest';
import { type ConfigContext, defineConfig } from '../../src/settings/config.js';
import type {
  AfterPublishEntry,
  ProcessorEntry,
  StorageEntry,
  UserSettings,
} from '../../src/settings/settings.js';
import type { Storage } from '../../src/storages/storage.js';

// These are claims about types: `npm run typecheck` proves them. An unused @ts-expect-error is an error.

declare const storage: Storage;

it('a wrong option of a built-in processor is a type error', () => {
  defineConfig({
    postProcess: [['fingerprint', { exclude: ['robots.txt'], hash: { length: 8 } }], 'compress'],
  });
  defineConfig({
    postProcess: [['fingerprint', { references: { scanners: [{ files: '*.x', scan: './x.js' }] } }]],
  });
  // @ts-expect-error
  defineConfig({ postProcess: [['fingerprint', { exlude: ['robots.txt'] }]] });
  // @ts-expect-error
  defineConfig({ postProcess: [['fingerprint', { hash: { lenght: 8 } }]] });
  // @ts-expect-error
  defineConfig({ postProcess: [['compress', { encodings: ['rar'] }]] });
  // @ts-expect-error
  defineConfig({ postProcess: [['comprss', {}]] });
});

it('a custom processor takes any options', () => {
  expectTypeOf<['./mine.js', { any: number }]>().toExtend<ProcessorEntry>();
  expectTypeOf<['some-package', { any: number }]>().toExtend<ProcessorEntry>();
  expectTypeOf<['@scope/package', { any: number }]>().toExtend<ProcessorEntry>();
  expectTypeOf<'package'>().toExtend<ProcessorEntry>();
});

it('a wrong option of a built-in storage is a type error', () => {
  defineConfig({ storages: { staticfiles: { backend: 's3', options: { bucket: 'b', prefix: 'static' } } } });
  defineConfig({ storages: { staticfiles: { options: { location: 'out' } } } });
  defineConfig({ storages: { staticfiles: { backend: 'rsync', options: { hosts: ['web1:/srv/'] } } } });
  // @ts-expect-error
  defineConfig({ storages: { staticfiles: { backend: 's3', options: { bukket: 'b' } } } });
  // @ts-expect-error
  defineConfig({ storages: { staticfiles: { backend: 's3' } } });
  // @ts-expect-error
  defineConfig({ storages: { staticfiles: { options: { locaton: 'out' } } } });
  // @ts-expect-error
  defineConfig({ storages: { staticfiles: { backend: 'azure', options: { bucket: 'b' } } } });
  // @ts-expect-error
  defineConfig({ manifest: { storage: { backend: 'gcs', options: { buckt: 'b' } } } });
});

it('a custom storage takes any options, and a storage itself takes none', () => {
  expectTypeOf<{ backend: './mine.js'; options: { any: number } }>().toExtend<StorageEntry>();
  expectTypeOf<{ backend: Storage }>().toExtend<StorageEntry>();
  // @ts-expect-error
  (): UserSettings => ({ storages: { staticfiles: { backend: storage, options: { any: 1 } } } });
});

it('a wrong option of a built-in hook is a type error', () => {
  const s3 = { backend: 's3', options: { bucket: 'b' } } as const;
  defineConfig({
    storages: { staticfiles: { ...s3, afterPublish: ['cloudfront', { distributionId: 'E1' }] } },
  });
  defineConfig({ storages: { staticfiles: { ...s3, afterPublish: ['./purge.js', { any: 1 }] } } });
  defineConfig({ storages: { staticfiles: { ...s3, afterPublish: async () => {} } } });
  // @ts-expect-error
  const wrong: AfterPublishEntry = ['cloudfront', { distribution: 'E1' }];
  void wrong;
});

it('an unknown setting is a type error', () => {
  // @ts-expect-error
  defineConfig({ staticRot: 'out' });
  // @ts-expect-error
  defineConfig({ conflicts: 'eror' });
});

it('defineConfig takes settings, a promise, and functions, and returns the same type', () => {
  expectTypeOf(defineConfig({ staticRoot: 'out' })).toEqualTypeOf<UserSettings>();
  expectTypeOf(defineConfig(Promise.resolve<UserSettings>({}))).toEqualTypeOf<Promise<UserSettings>>();
  expectTypeOf(
    defineConfig(({ command, env }) => ({ staticRoot: env.ROOT ?? command ?? 'out' })),
  ).parameters.toEqualTypeOf<[context: ConfigContext]>();
  expectTypeOf(defineConfig(async () => ({ conflicts: 'error' as const }))).returns.toEqualTypeOf<
    UserSettings | Promise<UserSettings>
  >();
});
