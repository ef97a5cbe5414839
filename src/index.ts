export { applyPlan, type PlanFileOptions, planstatic } from './apply-plan.js';
export { readBody } from './body.js';
export {
  type CollectCounts,
  type CollectOptions,
  type CollectReport,
  collectstatic,
  type OverwriteQuestion,
  type Stage,
} from './collectstatic.js';
export type { Conflict } from './conflicts.js';
export { type ErrorCode, StaticFilesError } from './errors.js';
export type { FinalizeContext, Finalizer } from './finalizers/finalizer.js';
export type { FindContext, Finder, HiddenFile } from './finders/finder.js';
export { type FindOptions, type FindResult, findstatic, type Match } from './findstatic.js';
export type { Body, BytesBody, ContentFacts, FileBody, Output, RewrittenBody } from './output.js';
export type { Action, Plan, PlanEntry, Reason } from './plan.js';
export {
  type PlanFile,
  type PlannedFile,
  type PlannedOptions,
  parsePlanFile,
  planFileText,
} from './plan-file.js';
export type { CompressOptions } from './processors/compress.js';
export type { FingerprintOptions, MissingRule, ScannerOption } from './processors/fingerprint.js';
export type { Processor, ProcessorContext, ProcessorMemory } from './processors/processor.js';
export type { Pruned } from './prune/limits.js';
export { type PruneOptions, type PruneReport, prunestatic } from './prune/prune.js';
export type {
  PrunedFile,
  PruneLimits,
  PrunePlan,
  PruneRules,
  ReleaseFate,
  SparedFile,
} from './prune/pruning.js';
export type {
  FoundReference,
  NameExplanation,
  ReferenceCounts,
  ReferenceReport,
} from './reference-report.js';
export { plainReference } from './references/make-reference.js';
export type { Reference, Scan, Scanner } from './references/reference.js';
export { type ActivatedReport, activateRelease } from './releases/activate-release.js';
export { diffReleases, type ReleaseChange, type ReleaseDiff } from './releases/diff-releases.js';
export {
  type FileAmount,
  type ListedReleaseFile,
  listReleases,
  type ReleaseDetails,
  type ReleaseList,
  type ReleaseOptions,
  type ReleaseSummary,
  showRelease,
} from './releases/releases.js';
export { type RemovedReport, removeRelease } from './releases/remove-release.js';
export type { FileChange } from './session.js';
export { closeStorages } from './settings/close-storages.js';
export { defineConfig } from './settings/config.js';
export { type LoadOptions, loadSettings } from './settings/load.js';
export { type ResolveOptions, resolveSettings } from './settings/resolve.js';
export type {
  ConflictPolicy,
  FinalizerEntry,
  ImportMapSettings,
  InstalledApp,
  ManifestSettings,
  PluginContext,
  PluginFactory,
  ProcessorEntry,
  ReleaseSettings,
  Settings,
  StaticFilesDir,
  StorageEntry,
  UserSettings,
  VendorLinkPolicy,
} from './settings/settings.js';
export type { Insertion } from './splice.js';
export type { SearchRoot, StaticFile, Warning } from './static-file.js';
export { type ObjectStorageOptions, objectStorage } from './storages/objects/object-storage.js';
export {
  type Condition,
  ConditionFailed,
  type ListedObject,
  type ObjectBody,
  type ObjectHeaders,
  type ObjectStore,
  type PutOptions,
} from './storages/objects/object-store.js';
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
export { type WatchedRun, type WatchOptions, watchstatic } from './watch.js';
export { type WhyResult, whystatic } from './why.js';
