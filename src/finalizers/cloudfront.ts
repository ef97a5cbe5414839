import { randomUUID } from 'node:crypto';
import type { CloudFrontClient } from '@aws-sdk/client-cloudfront';
import { systemErrorCode } from '../errors.js';
import { httpAgents } from '../http-agents.js';
import type { PluginContext } from '../settings/settings.js';
import { invalidationFailed } from './cloudfront/failure.js';
import { invalidationPaths } from './cloudfront/invalidation-paths.js';
import { type CloudFrontOptions, type CloudFrontRules, cloudFrontRules } from './cloudfront/options.js';
import type { Finalizer } from './finalizer.js';

export type { CloudFrontOptions };

/**
 * Has CloudFront forget the files that have changed under their names. Names that tell their content need no such thing.
 *
 * @throws StaticFilesError `settings` where an option makes no sense
 * @example
 * const finalize = cloudfront({ distributionId: 'E2QWRUHAPOMQZL' }, context);
 */
export function cloudfront(options: CloudFrontOptions, { staticUrl }: PluginContext): Finalizer {
  const rules = cloudFrontRules(options, staticUrl);
  return async (changed, { signal }) => {
    const publicPaths = changed.filter(({ immutable }) => !immutable).map(({ publicPath }) => publicPath);
    if (publicPaths.length === 0) return;
    const paths = invalidationPaths(publicPaths, rules);
    try {
      await invalidate(paths, rules, signal);
    } catch (error) {
      signal.throwIfAborted(); // the SDK has an error of its own for that
      const { distributionId, basePath } = rules;
      throw invalidationFailed({ distributionId, paths, everything: `${basePath}*` }, error);
    }
  };
}

async function invalidate(
  paths: readonly string[],
  { distributionId, client, region = 'us-east-1', credentials }: CloudFrontRules,
  signal: AbortSignal,
): Promise<void> {
  const { CloudFrontClient, CreateInvalidationCommand } = await loadSdk();
  const own = client === undefined;
  const cloudFront: CloudFrontClient =
    client ??
    new CloudFrontClient({
      region,
      ...(credentials && { credentials }),
      requestHandler: await httpAgents({}),
    });
  try {
    await cloudFront.send(
      new CreateInvalidationCommand({
        DistributionId: distributionId,
        InvalidationBatch: {
          CallerReference: `staticfiles-${randomUUID()}`, // one that was used before would answer for its old paths
          Paths: { Quantity: paths.length, Items: [...paths] },
        },
      }),
      { abortSignal: signal },
    );
  } finally {
    if (own) cloudFront.destroy();
  }
}

const SDK = '@aws-sdk/client-cloudfront';

async function loadSdk() {
  try {
    return await import('@aws-sdk/client-cloudfront');
  } catch (cause) {
    const isMissing =
      systemErrorCode(cause) === 'ERR_MODULE_NOT_FOUND' && (cause as Error).message.includes(`'${SDK}'`);
    if (!isMissing) throw cause;
    throw new Error(`it needs the package '${SDK}': npm install ${SDK}`, { cause });
  }
}
