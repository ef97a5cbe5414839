export type { Next, NodeHandler } from './adapters/node-handler.js';
export type { Answer, Answering, FileBody, StaticRequest } from './answer.js';
export { type MediaOptions, serveMedia } from './development/media.js';
export type { HeaderValues } from './http/file-headers.js';
export { type StaticServer, serve } from './serve.js';
export type { DevelopmentOptions, HeadersOption, ServeOptions } from './serve-options.js';
