export { applyPlan, type PlanFileOptions, planCollect } from './apply-plan.js';
export type { AfterPublish, AfterPublishContext } from './cdn/after-publish.js';
export type { CollectOptions, CollectResult } from './collectstatic.js';
export { collectstatic } from './collectstatic.js';
export { type ErrorCode, StaticFilesError } from './errors.js';
export { type ExplainResult, explainStatic } from './explain.js';
export type { Conflict } from './finders/conflicts.js';
export type { FindContext, Finder, HiddenFile } from './finders/finder.js';
export type { VendorLinkPolicy } from './finders/package-links.js';
export { type FindOptions, type FindResult, findstatic, type Match } from './findstatic.js';
export { readBody } from './model/body.js';
export type { Body, BytesBody, ContentInfo, FileBody, Output, RewrittenBody } from './model/output.js';
export type { Insertion } from './model/splice.js';
export type { SearchRoot, StaticFile, Warning } from './model/static-file.js';
export type { OverwriteQuestion, Stage } from './pipeline/options.js';
export type { Action, Plan, PlanEntry, Reason } from './pipeline/plan.js';
export { type PlanFile, type PlannedFile, type PlannedOptions, planFileText } from './pipeline/plan-file.js';
export { parsePlanFile } from './pipeline/read-plan-file.js';
export type { CollectCounts } from './pipeline/result.js';
export type { FileChange } from './pipeline/session.js';
export type { PluginContext, PluginFactory } from './plugins/plugin.js';
export type { CompressOptions } from './processors/compress/options.js';
export type { FingerprintOptions } from './processors/fingerprint/options.js';
export type { MissingRule } from './processors/fingerprint/reference-rules.js';
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
export { plainReference } from './references/make-reference.js';
export type { Reference, Scan, Scanner } from './references/reference.js';
export type {
  FoundReference,
  NameExplanation,
  ReferenceCounts,
  ReferenceReport,
} from './references/report.js';
export type { ScannerOption } from './references/scanners.js';
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
export { defineConfig } from './settings/config.js';
export { type LoadOptions, loadSettings } from './settings/load.js';
export { type ResolveOptions, resolveSettings } from './settings/resolve.js';
export type {
  AfterPublishEntry,
  ConflictPolicy,
  ImportMapSettings,
  InstalledApp,
  ManifestSettings,
  ProcessorEntry,
  ReleaseSettings,
  Settings,
  StaticFilesDir,
  StorageEntry,
  UserSettings,
} from './settings/settings.js';
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
export type {
  ChangedFile,
  Inventory,
  InventoryOptions,
  Proof,
  Storage,
  StorageLock,
  StoredFile,
  WriteOptions,
  WriteRequest,
  Written,
} from './storages/storage.js';
export { type WatchedRun, type WatchOptions, watchstatic } from './watchstatic.js';
