export {
  type CollectCounts,
  type CollectOptions,
  type CollectReport,
  collectstatic,
} from './collectstatic.js';
