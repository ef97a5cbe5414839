export type { Next, NodeHandler } from './adapters/node.js';
export type { Answer, Answering, FileBody, StaticRequest } from './answer.js';
export type { HeaderValues } from './bodies/representation-headers.js';
export { type MediaOptions, serveMedia } from './dev/media.js';
export type { DevelopmentOptions, HeadersOption, ServeOptions } from './options.js';
export { type StaticServer, serve } from './serve.js';
