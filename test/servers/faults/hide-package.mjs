import { register } from 'node:module';

// Makes a package look as if it were not installed.
const hooks = `
export function resolve(specifier, context, next) {
  if (specifier !== ${JSON.stringify(process.env.HIDDEN_PACKAGE)}) return next(specifier, context);
  const error = new Error("Cannot find package '" + specifier + "' imported from " + context.parentURL);
  throw Object.assign(error, { code: 'ERR_MODULE_NOT_FOUND' });
}`;
register(`data:text/javascript,${encodeURIComponent(hooks)}`);
