export type { Answer, Answering, FileBody, StaticRequest } from './answer.js';
export type { HeaderValues } from './file-headers.js';
export { type MediaOptions, serveMedia } from './media.js';
export type { Next, NodeHandler } from './node-handler.js';
export { type StaticServer, serve } from './serve.js';
export type { DevelopmentOptions, HeadersOption, ServeOptions } from './serve-options.js';
