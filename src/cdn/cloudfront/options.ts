import type { CloudFrontClient, CloudFrontClientConfig } from '@aws-sdk/client-cloudfront';
import { StaticFilesError } from '../../errors.js';

/** The options of the hook `cloudfront`. */
export interface CloudFrontOptions {
  /** The id of the distribution, not its domain: `E2QWRUHAPOMQZL`. */
  readonly distributionId: string;
  /** The path of the files below the distribution's domain: `/static/`. Default: the path of `staticUrl`. */
  readonly basePath?: string;
  /** If more files have changed, wildcards are used. From 1 to 3,000, the service's own limit. Default 100. */
  readonly maxPaths?: number;
  /** The region of CloudFront's API. Default `us-east-1`, which is wrong only for partitions such as China. */
  readonly region?: string;
  /** In the SDK's form. Default: as the SDK finds them in the environment, profiles and roles. */
  readonly credentials?: CloudFrontClientConfig['credentials'];
  /** Your own client, instead of `region` and `credentials`. */
  readonly client?: CloudFrontClient;
}

/** The options with their defaults. */
export interface CloudFrontRules extends CloudFrontOptions {
  /** Begins and ends in `/`. */
  readonly basePath: string;
  readonly maxPaths: number;
}

const KEYS: readonly string[] = [
  'distributionId',
  'basePath',
  'maxPaths',
  'region',
  'credentials',
  'client',
] satisfies (keyof CloudFrontOptions)[];

const DEFAULT_MAX_PATHS = 100;

/** https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cloudfront-limits.html#limits-invalidations */
const MOST_PATHS = 3000;

/**
 * Checks the options and adds the defaults.
 *
 * @throws StaticFilesError `settings` with all problems
 */
export function cloudFrontRules(options: CloudFrontOptions, staticUrl: string): CloudFrontRules {
  const problems = [...problemsOf({ ...options })];
  if (problems.length > 0) throw new StaticFilesError('settings', problems.join('\n'));
  const { basePath = pathOf(staticUrl), maxPaths = DEFAULT_MAX_PATHS } = options;
  return { ...options, basePath, maxPaths };
}

/** @param url a path, or a full URL with or without its scheme */
function pathOf(url: string): string {
  return new URL(url, 'https://localhost').pathname;
}

function* problemsOf(options: Readonly<Record<string, unknown>>): Generator<string> {
  for (const key of Object.keys(options)) {
    if (!KEYS.includes(key))
      yield `Unknown option '${key}' of the hook 'cloudfront'. Allowed are: ${KEYS.join(', ')}.`;
  }
  const { distributionId, basePath = '/', maxPaths = 1, region = 'x' } = options;
  if (!isText(distributionId) || !/^[A-Z0-9]+$/.test(distributionId))
    yield wrong('distributionId', distributionId, "a distribution's id such as 'E2QWRUHAPOMQZL'");
  if (!isText(basePath) || !/^\/([^?#*]*\/)?$/.test(basePath))
    yield wrong('basePath', basePath, "a path that begins and ends in '/', such as '/static/'");
  if (!Number.isInteger(maxPaths) || Number(maxPaths) < 1 || Number(maxPaths) > MOST_PATHS)
    yield wrong('maxPaths', maxPaths, `a number from 1 to ${MOST_PATHS}`);
  if (!isText(region)) yield wrong('region', region, "a region's name");
}

function wrong(name: string, value: unknown, expected: string): string {
  return `The option '${name}' of the hook 'cloudfront' is ${JSON.stringify(value)}; expected ${expected}.`;
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}
