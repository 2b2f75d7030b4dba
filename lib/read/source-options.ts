export interface SourceOptions {
  /** What relative paths are relative to. */
  readonly cwd: string;
  /** What `-` stands for. @default nothing, and `-` is a mistake */
  readonly stdin?: () => string | Promise<string>;
}
