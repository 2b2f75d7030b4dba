/** A file that a new project gets. */
export interface InitFile {
  /** Below the project's folder, with forward slashes. */
  readonly path: string;
  readonly text: string;
  readonly mode: 'plain' | 'executable';
}

export function plainFile(path: string, text: string): InitFile {
  return { path, text, mode: 'plain' };
}
