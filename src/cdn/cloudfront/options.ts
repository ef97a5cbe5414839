import type { CloudFrontClient, CloudFrontClientConfig } from '@aws-sdk/client-cloudfront';
import { StaticFilesError } from '../../errors.js';

/** The options of the hook `cloudfront`. */
export interface CloudFrontOptions {
  /** The distribution's id, `E2QWRUHAPOMQZL`: not its domain. */
  readonly distributionId: string;
  /** Where the files are below the distribution's domain: `/static/`. The path of `staticUrl` unless given. */
  readonly basePath?: string;
  /** More changed files than this are told by wildcards. From 1 to 3,000, which is the service's own limit; default 100. */
  readonly maxPaths?: number;
  /** Where CloudFront's API is asked; `us-east-1` unless given, which is right for all but partitions such as China. */
  readonly region?: string;
  /** As the SDK takes them. Without them it looks in its usual places: the environment, profiles, roles. */
  readonly credentials?: CloudFrontClientConfig['credentials'];
  /** A client of your own, in place of one that is made of `region` and `credentials`. */
  readonly client?: CloudFrontClient;
}

/** The options, completed. */
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
 * Completes the options.
 *
 * @throws StaticFilesError `settings` with all that is wrong with them
 */
export function cloudFrontRules(options: CloudFrontOptions, staticUrl: string): CloudFrontRules {
  const problems = [...problemsOf({ ...options })];
  if (problems.length > 0) throw new StaticFilesError('settings', problems.join('\n'));
  const { basePath = pathOf(staticUrl), maxPaths = DEFAULT_MAX_PATHS } = options;
  return { ...options, basePath, maxPaths };
}

/** @param url a path, or a full URL, which may lack its scheme */
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
