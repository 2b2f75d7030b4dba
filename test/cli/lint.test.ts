import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findingsSchema } from '../../lib/render/schema/findings-schema';
import { schemaErrors } from '../support/json-schema';

const main = resolve(__dirname, '../../dist/cli/main.js');
const folder = mkdtempSync(join(tmpdir(), 'tierwall-lint-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function tierwall(args: readonly string[], input = '') {
  const { status, stdout, stderr } = spawnSync(process.execPath, [main, ...args], {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1' },
    input,
  });
  return { status, stdout, stderr };
}

const policy = (name: string, spec: string) =>
  `apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: { name: ${name}, namespace: shop }\nspec: ${spec}\n`;

beforeAll(() => {
  writeFileSync(join(folder, 'clean.yaml'), policy('deny', '{ podSelector: {}, policyTypes: [Ingress, Egress] }'));
  writeFileSync(
    join(folder, 'open.yaml'),
    policy('open', '{ podSelector: {}, policyTypes: [Ingress, Egress], ingress: [{}] }'),
  );
});

describe('tierwall lint', () => {
  test('is content with what is right, and says how much that was', () => {
    expect(tierwall(['lint', 'clean.yaml'])).toEqual({
      status: 0,
      stdout: 'no findings in 1 policy and 0 workloads\n',
      stderr: '',
    });
  });

  test('finds what is wrong in standard input too, and fails', () => {
    const { status, stdout } = tierwall(['lint', '-'], policy('bad', '{ podSelector: {}, policyTypes: [Both] }'));
    expect([status, stdout.split('\n')[0]]).toEqual([
      1,
      'error[no-rejected-field] NetworkPolicy `shop/bad`: spec.policyTypes[0]: Unsupported value: "Both": supported values: "Ingress", "Egress"',
    ]);
  });

  test('fails from the severity that --fail-on gives', () => {
    expect(tierwall(['lint', 'open.yaml']).status).toBe(1);
    expect(tierwall(['lint', 'open.yaml', '--fail-on', 'error']).status).toBe(0);
  });

  test('goes on where a document cannot be read', () => {
    const { stdout } = tierwall(['lint', '-', '-o', 'json'], `${policy('open', '{ ingress: [{}] }')}---\na: [\n`);
    const { findings } = JSON.parse(stdout) as { findings: { rule: string }[] };
    expect(findings.map(({ rule }) => rule)).toEqual(
      expect.arrayContaining(['no-unreadable-document', 'no-allow-all-peers']),
    );
    expect(schemaErrors(findingsSchema, JSON.parse(stdout))).toEqual([]);
  });

  test('does not take a word that names nothing for something clean', () => {
    expect(tierwall(['lint', 'missing.yaml'])).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('there is no `missing.yaml`'),
    });
    expect(tierwall(['lint', '-'])).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('holds no Kubernetes object'),
    });
  });

  test.for(['txt', 'json', 'sarif', 'github', 'gitlab', 'junit', 'md'])('prints %s', (format) => {
    const { status, stdout, stderr } = tierwall(['lint', 'open.yaml', '-o', format]);
    expect([status, stderr]).toEqual([1, '']);
    expect(stdout).toContain('no-allow-all-peers');
  });
});

describe('tierwall rules', () => {
  test('lists them by what they are about', () => {
    const { status, stdout } = tierwall(['rules']);
    expect(status).toBe(0);
    expect(stdout).toMatch(/^validity\n {2}no-/);
  });

  test('explains one with its examples, and corrects a slip', () => {
    expect(tierwall(['rules', 'no-host-bits']).stdout).toContain('cidr: 10.0.0.1/8');
    expect(tierwall(['rules', 'no-host-bit'])).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('did you mean `no-host-bits`?'),
    });
  });

  test('are a page of Markdown, and data', () => {
    expect(tierwall(['rules', '-o', 'md']).stdout).toContain('### no-host-bits');
    expect(JSON.parse(tierwall(['rules', '-o', 'json']).stdout)).toMatchObject({ version: 1 });
  });
});
