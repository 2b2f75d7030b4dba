import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { beforeAll, describe, expect, test } from 'vitest';
import { attempt, bin, pack, root, run } from '../support/installed-project';
import { expressionValue, filledIn } from '../support/pipeline-expression';

const identity = {
  GIT_AUTHOR_NAME: 'a',
  GIT_AUTHOR_EMAIL: 'a@b.c',
  GIT_COMMITTER_NAME: 'a',
  GIT_COMMITTER_EMAIL: 'a@b.c',
};

let origin = '';

/** A repository with what `tierwall init` makes, installed, synthesized and committed, as its next steps say. */
beforeAll(() => {
  origin = join(mkdtempSync(join(tmpdir(), 'init-')), 'shop');
  run(process.execPath, [join(root, 'dist/cli/main.js'), 'init', origin], root);
  const file = join(origin, 'package.json');
  writeFileSync(file, readFileSync(file, 'utf8').replace(/"tierwall": "[^"]+"/, `"tierwall": "file:${pack()}"`));
  run('npm', ['install', '--no-audit', '--no-fund', '--prefer-offline'], origin);
  run('npx', ['tierwall', 'synth'], origin);
  run('git', ['init', '-q', '-b', 'main'], origin);
  run('git', ['add', '-A'], origin);
  run('git', ['commit', '-q', '-m', 'begin'], origin, identity);
});

function freshClone(): string {
  const folder = join(mkdtempSync(join(tmpdir(), 'clone-')), 'shop');
  run('git', ['clone', '-q', origin, folder], root);
  return folder;
}

/** A branch with an intent more, without its policies unless they are synthesized. */
function branchOff(clone: string, line: string): void {
  run('git', ['switch', '-q', '-c', 'change'], clone);
  const file = join(clone, 'network.ts');
  writeFileSync(
    file,
    readFileSync(file, 'utf8').replace('  redis.allowFrom(cart', `  ${line}\n  redis.allowFrom(cart`),
  );
}

function commit(clone: string): void {
  run('git', ['add', '-A'], clone);
  run('git', ['commit', '-q', '-m', 'change'], clone, identity);
}

/** What a pipeline runs in a fresh clone, expressions filled in as its service does for a pull request. */
function githubCommands(clone: string): string[] {
  const { jobs } = load(readFileSync(join(clone, '.github/workflows/network-policies.yml'), 'utf8')) as {
    jobs: { check: { steps: { run?: string; if?: string }[] } };
  };
  const sha = run('git', ['rev-parse', 'origin/main'], clone).trim();
  const event = { pull_request: { base: { sha } }, repository: { default_branch: 'main' } };
  const context = { github: { event } };
  return jobs.check.steps.flatMap(({ run: text, if: condition }) =>
    text && (!condition || expressionValue(condition, context)) ? [filledIn(text, context)] : [],
  );
}

function gitlabCommands(clone: string): string[] {
  const pipeline = load(readFileSync(join(clone, '.gitlab-ci.yml'), 'utf8')) as Record<string, { script: string[] }>;
  return pipeline['network-policies']!.script;
}

/** Stops at the first that fails, as a pipeline does. */
function runAll(commands: readonly string[], clone: string, env: NodeJS.ProcessEnv) {
  let printed = '';
  for (const command of commands) {
    const { status, stdout, stderr } = attempt('bash', ['-c', command], clone, { ...identity, ...env });
    printed += stdout + stderr;
    if (status !== 0) return { failed: command, printed };
  }
  return { failed: undefined, printed };
}

describe('the project that init makes', () => {
  test('passes its own GitHub workflow in a fresh clone', () => {
    const clone = freshClone();
    const summary = join(clone, '..', 'summary.md');
    const { failed, printed } = runAll(githubCommands(clone), clone, { GITHUB_STEP_SUMMARY: summary, CI: 'true' });
    expect([failed, printed]).toEqual([undefined, expect.stringContaining('✓ lint')]);
    expect(readFileSync(summary, 'utf8')).toMatch(/^### ✅ tierwall check: passed/);
    expect(JSON.parse(readFileSync(join(clone, 'tierwall.sarif'), 'utf8')).version).toBe('2.1.0');
  });

  test('fails it, with the line and what to do, for an intent whose policies were not synthesized', () => {
    const clone = freshClone();
    branchOff(clone, "redis.allowFrom(frontend, { because: 'sessions' });");
    commit(clone);
    const { failed, printed } = runAll(githubCommands(clone), clone, {
      GITHUB_STEP_SUMMARY: join(clone, '..', 's.md'),
    });
    expect(failed).toMatch(/vitest run|tierwall check/);
    expect(printed).toMatch(/only the cart talks to redis|require-committed-output/);
  });

  test('passes its own GitLab pipeline in a fresh clone', () => {
    const clone = freshClone();
    const base = run('git', ['rev-parse', 'origin/main'], clone).trim();
    const { failed } = runAll(gitlabCommands(clone), clone, { CI_MERGE_REQUEST_DIFF_BASE_SHA: base, CI: 'true' });
    expect(failed).toBeUndefined();
    expect(readFileSync(join(clone, 'tierwall.xml'), 'utf8')).toContain('<testsuites');
  });

  test('keeps a commit out that its hook finds wrong, and lets the right one in', () => {
    const clone = freshClone();
    run('npm', ['ci', '--no-audit', '--no-fund', '--prefer-offline'], clone);
    run('git', ['config', 'core.hooksPath', '.githooks'], clone);
    branchOff(clone, "frontend.allowTo(redis, { because: 'sessions' });");
    run('git', ['add', '-A'], clone);
    const refused = attempt('git', ['commit', '-q', '-m', 'change'], clone, identity);
    expect(refused.status).not.toBe(0);
    expect(refused.stdout + refused.stderr).toContain('require-committed-output');
    run(bin(clone, 'tierwall'), ['synth'], clone);
    run('git', ['add', '-A'], clone);
    expect(attempt('git', ['commit', '-q', '-m', 'change'], clone, identity).status).toBe(0);
  });

  test('is checked by the action as by its workflow', () => {
    const clone = freshClone();
    run('npm', ['ci', '--no-audit', '--no-fund', '--prefer-offline'], clone);
    const action = load(readFileSync(join(root, 'action.yml'), 'utf8')) as {
      inputs: Record<string, object>;
      runs: { using: string; steps: { run: string; env: Record<string, string> }[] };
    };
    expect(Object.keys(action.inputs)).toEqual(['paths', 'base', 'main', 'working-directory', 'command']);
    const step = action.runs.steps.at(-1);
    const check = () => {
      const temp = mkdtempSync(join(tmpdir(), 'runner-'));
      const files = { RUNNER_TEMP: temp, GITHUB_OUTPUT: join(temp, 'out'), GITHUB_STEP_SUMMARY: join(temp, 'summary') };
      const inputs = { TIERWALL: 'npx tierwall', PATHS: '', BASE: 'origin/main', MAIN: 'main' };
      expect(Object.keys(step!.env)).toEqual(Object.keys(inputs));
      const { status, stdout } = attempt('bash', ['-c', step!.run], clone, { ...files, ...inputs, CI: 'true' });
      return { status, stdout, outputs: readFileSync(files.GITHUB_OUTPUT, 'utf8') };
    };
    expect(check()).toMatchObject({ status: 0, outputs: expect.stringContaining('verdict=passed') });
    const file = join(clone, 'policies/production/shop/tierwall-redis.yaml');
    writeFileSync(file, readFileSync(file, 'utf8').replace('port: 6379', 'port: 6380'));
    const { status, stdout, outputs } = check();
    expect([status, outputs]).toEqual([1, expect.stringContaining('verdict=failed')]);
    expect(stdout).toContain('::error file=policies/production/shop/tierwall-redis.yaml');
  });
});
