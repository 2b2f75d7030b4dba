import { existsSync } from 'node:fs';

/** Gathers files that are saved until no more are for a while. What was there only in between, as editors make it, is none of them. */
export class Saves {
  private readonly paths = new Map<string, 'new' | 'known'>();
  /** Came and went without being told. */
  private readonly passed = new Set<string>();
  private timer: NodeJS.Timeout | undefined;

  /** @param pause in milliseconds */
  constructor(
    private readonly pause: number,
    private readonly saved: (paths: readonly string[]) => void,
  ) {}

  /** @param path absolute */
  note(event: 'came' | 'changed' | 'went', path: string): void {
    if (isTemporary(path)) return;
    const hasPassed = this.passed.delete(path);
    if (event === 'went' && hasPassed) return;
    if (!this.paths.has(path)) this.paths.set(path, event === 'came' || hasPassed ? 'new' : 'known');
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.tell(), this.pause);
  }

  close(): void {
    clearTimeout(this.timer);
  }

  private tell(): void {
    const all = [...this.paths];
    this.paths.clear();
    const passed = new Set(all.flatMap(([path, state]) => (state === 'new' && !existsSync(path) ? [path] : [])));
    for (const path of passed) this.passed.add(path);
    const left = all.flatMap(([path]) => (passed.has(path) ? [] : [path]));
    if (left.length > 0) this.saved(left);
  }
}

/** Vim's probe and swap files, Emacs' locks and copies, backups, and what sed and JetBrains' editors write before they rename it. */
function isTemporary(path: string): boolean {
  return /(^|[\\/])(4913|[^\\/]*\.sw[n-px]|\.#[^\\/]*|#[^\\/]*#|[^\\/]*~|sed[A-Za-z0-9]{6}|[^\\/]*___jb_(tmp|old)___)$/.test(
    path,
  );
}
