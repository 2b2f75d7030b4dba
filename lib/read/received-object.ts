import type { DocumentPlace } from '../model/policy';

/** An object that does not come from a text. */
export interface ReceivedObject {
  readonly object: object;
  readonly place: DocumentPlace;
}
