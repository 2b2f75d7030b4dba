import type { ReceivedObject } from './received-object';

export interface SourceOptions {
  /** What relative paths are relative to. */
  readonly cwd: string;
  /** What `-` stands for; bytes are UTF-8. @default nothing, and `-` is a mistake */
  readonly stdin?: () => string | Uint8Array | Promise<string | Uint8Array>;
  /** The objects of the live cluster that `cluster:CONTEXT` stands for; of the current context for ``. @default nothing, and it is a mistake */
  readonly live?: (context: string) => AsyncIterable<ReceivedObject>;
  /** Whether a source may hold no object at all. @default refused */
  readonly empty?: 'allowed' | 'refused';
  /** Of the files that sources name, by their paths as messages call them, those that are read. @default all */
  readonly only?: (file: string) => boolean;
}
