export type { CaseOutcome } from './case.js';
export { type ContractCase, type StorageSubject, storageContract } from './storage-contract.js';
