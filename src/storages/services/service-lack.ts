/** Thrown if a service lacks something that a store needs. Its message has no full stop: it is the reason within a sentence. */
export class ServiceLack extends Error {
  override readonly name = 'ServiceLack';
}
