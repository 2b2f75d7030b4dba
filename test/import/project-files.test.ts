import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { settingsFiles } from '../../lib/config/read-settings';
import { projectFiles } from '../../lib/import/project-files';

test.for(settingsFiles)('settings in %s are not said a second time', (name) => {
  const folder = mkdtempSync(join(tmpdir(), 'tierwall-project-'));
  try {
    expect([...projectFiles(folder, '^1.0.0').keys()]).toContain('cdk8s.yaml');
    writeFileSync(join(folder, name), '');
    expect([...projectFiles(folder, '^1.0.0').keys()]).toEqual(['package.json', 'tsconfig.json']);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
