export { applyPlan, type PlanFileOptions, planCollect } from './apply-plan.js';
export type { AfterPublish, AfterPublishContext } from './cdn/after-publish.js';
export type { CloudFrontOptions } from './cdn/cloudfront/options.js';
export type { CollectOptions, CollectResult } from './collectstatic.js';
export { collectstatic } from './collectstatic.js';
export {
  type ConflictingFiles,
  type ErrorCode,
  type ErrorDetails,
  type MissingReference,
  type SettingsProblem,
  StaticFilesError,
  type StaticFilesErrorOptions,
} from './errors.js';
export { type ExplainResult, explainStatic } from './explain.js';
export type { FileStamp } from './files/stamp.js';
export { appDirectoriesFinder } from './finders/app-directories.js';
export type { Conflict } from './finders/conflicts.js';
export { fileSystemFinder, searchRoots } from './finders/file-system.js';
export { DEFAULT_IGNORE, type FindContext, type Finder } from './finders/finder.js';
export { type IgnoreRules, ignoreRules } from './finders/ignore.js';
export type { VendorLinkPolicy } from './finders/package-links.js';
export {
  type FindOptions,
  type FindResult,
  type FindSettings,
  findstatic,
  type Match,
} from './findstatic.js';
export { readBody } from './model/body.js';
export type { CodingName } from './model/content-encoding.js';
export type { DecodedInfo } from './model/decode.js';
export type { Body, BytesBody, ContentInfo, FileBody, Output, RewrittenBody } from './model/output.js';
export type { Insertion } from './model/splice.js';
export type { HiddenFile, SearchRoot, StaticFile, Warning } from './model/static-file.js';
export type { OverwriteQuestion, RunOptions, Stage } from './pipeline/options.js';
export type { Action, Plan, PlanEntry, Reason } from './pipeline/plan.js';
export { type PlanFile, type PlannedFile, type PlannedOptions, planFileText } from './pipeline/plan-file.js';
export { parsePlanFile } from './pipeline/read-plan-file.js';
export type { CollectCounts, RunResult } from './pipeline/result.js';
export type { FileChange } from './pipeline/session.js';
export type { AwsCredentialProvider, AwsCredentials } from './plugins/aws-credentials.js';
export type { SdkClient } from './plugins/peer-dependency.js';
export type { PluginContext, PluginFactory } from './plugins/plugin.js';
export type { CompressOptions } from './processors/compress/options.js';
export { compress } from './processors/compress/processor.js';
export type { FingerprintOptions } from './processors/fingerprint/options.js';
export { fingerprint } from './processors/fingerprint/processor.js';
export type { MissingAction, MissingRule } from './processors/fingerprint/reference-rules.js';
export type { Processor, ProcessorCache, ProcessorContext } from './processors/processor.js';
export { type PruneOptions, type PruneResult, prune } from './prune/prune.js';
export type {
  Pruned,
  PrunedFile,
  PruneLimits,
  PrunePlan,
  PruneRules,
  ReleaseFate,
  SparedFile,
} from './prune/rules.js';
export { scanCss } from './references/css/css.js';
export type { ScannerOption } from './references/custom-scanners.js';
export { scanJavaScript } from './references/javascript/javascript.js';
export { scanWebManifest } from './references/json/web-manifest.js';
export { plainReference } from './references/make-reference.js';
export { htmlScanner, scanHtml } from './references/markup/html.js';
export type { ExtraAttributes } from './references/markup/html-attributes.js';
export { scanSvg } from './references/markup/svg.js';
export type {
  CustomProperties,
  InlineHash,
  IntegrityValue,
  Reference,
  ReferenceKind,
  Scan,
  Scanner,
  ScanWarning,
  ScanWarningCode,
  SkippedReference,
  SkipReason,
} from './references/reference.js';
export type {
  ComputedName,
  FoundReference,
  NameExplanation,
  ReferenceCounts,
  ReferenceReport,
} from './references/report.js';
export { type ActivateResult, activateRelease } from './releases/activate.js';
export { diffReleases, type ReleaseChange, type ReleaseDiff } from './releases/diff.js';
export {
  type FileAmount,
  type ListedReleaseFile,
  listReleases,
  type ReleaseDetails,
  type ReleaseList,
  type ReleaseOptions,
  type ReleaseSummary,
  showRelease,
} from './releases/list.js';
export { type RemoveResult, removeRelease } from './releases/remove.js';
export { closeStorages } from './settings/close-storages.js';
export { type ConfigContext, type ConfigFunction, defineConfig, type UserConfig } from './settings/config.js';
export { type LoadOptions, loadSettings } from './settings/load.js';
export type { Environment, SettingsOverrides } from './settings/overrides.js';
export type { Origins, SettingsSource } from './settings/problems.js';
export { type ResolveOptions, resolveSettings } from './settings/resolve.js';
export type {
  AfterPublishEntry,
  ConflictPolicy,
  CustomOptions,
  CustomPluginName,
  FinderEntry,
  FingerprintSettings,
  HookOptions,
  ImportMapSettings,
  InstalledApp,
  ManifestSettings,
  NameWithOptions,
  PartOfFolder,
  PluginName,
  ProcessorEntry,
  ProcessorOptions,
  ReleaseSettings,
  Settings,
  StaticFilesDir,
  StaticfilesStorageEntry,
  StorageEntry,
  StorageOptions,
  UserSettings,
} from './settings/settings.js';
export type { AzureStorageOptions } from './storages/azure/azure.js';
export type { AzureOptions } from './storages/azure/options.js';
export type { Destination } from './storages/destination.js';
export { type FilesystemOptions, filesystemStorage } from './storages/filesystem/filesystem.js';
export type { GcsStorageOptions } from './storages/gcs/gcs.js';
export type { GcsOptions } from './storages/gcs/options.js';
export type { HeaderName, HeaderRule } from './storages/objects/headers.js';
export { objectStorage } from './storages/objects/object-storage.js';
export {
  type Condition,
  ConditionFailed,
  type ListedObject,
  type ObjectBody,
  type ObjectHeaders,
  type ObjectStore,
  type PutOptions,
} from './storages/objects/object-store.js';
export type { ObjectStorageOptions } from './storages/objects/options.js';
export type { RsyncOptions } from './storages/rsync/options.js';
export type { S3Options } from './storages/s3/options.js';
export type { S3StorageOptions } from './storages/s3/s3.js';
export type {
  ChangedFile,
  Commit,
  Inventory,
  InventoryOptions,
  LockOptions,
  Proof,
  QuietTime,
  RemoveOptions,
  Storage,
  StorageLock,
  StoredFile,
  WriteOptions,
  WriteRequest,
  Written,
} from './storages/storage.js';
export { type WatchedRun, type Watcher, type WatchOptions, watchstatic } from './watchstatic.js';
