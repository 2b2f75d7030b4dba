import { describe, expect, it } from 'vitest';
import { redundancyCommand } from '../../lib/cli/commands/redundancy';
import { runCommand } from '../support/run-command';

const policy = (name: string, spec: string) =>
  `apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: { name: ${name}, namespace: shop }\nspec: ${spec}\n---\n`;
const web = policy('web', '{ podSelector: { matchLabels: { app: web } }, ingress: [{ ports: [{ port: 80 }] }] }');
const also = web.replace('name: web', 'name: zweb');

const run = (stdin: string, ...args: string[]) => runCommand(redundancyCommand, ['-', ...args], __dirname, { stdin });

describe('tierwall redundancy', () => {
  it('ends with 0 where nothing can go', async () => {
    expect(await run(web)).toEqual({
      code: 0,
      stdout: '1 policy with 1 rule in 1 namespace: none can be deleted without changing what is allowed\n',
      stderr: '',
    });
  });

  it('ends with 1 and names what can go and what covers it', async () => {
    const { code, stdout } = await run(web + also);
    expect(code).toBe(1);
    expect(stdout).toContain('shop/zweb (standard input:6)');
    expect(stdout).toContain('covered by shop/web (standard input:1)');
  });

  it('lists overlaps only when asked, which do not count as findings', async () => {
    const wide = policy(
      'wide',
      '{ podSelector: {}, ingress: [{ ports: [{ port: 80, endPort: 90 }], from: [{ podSelector: {} }] }] }',
    );
    expect(JSON.parse((await run(web + wide, '-o', 'json')).stdout)).not.toHaveProperty('overlaps');
    const { code, stdout } = await run(web + wide, '--overlaps', '-o', 'json');
    expect(code).toBe(0);
    expect(JSON.parse(stdout).overlaps).toMatchObject([
      { first: { name: 'shop/web ingress[0]' }, second: { name: 'shop/wide ingress[0]' }, ports: ['80/TCP'] },
    ]);
  });

  it('ends with 1 where a policy of a kind that is not read leaves open what can go', async () => {
    const cilium = policy('l7', '{}').replace('networking.k8s.io/v1', 'cilium.io/v2').replace('kind: ', 'kind: Cilium');
    const { code, stdout } = await run(web + cilium);
    expect(code).toBe(1);
    expect(stdout).toContain(
      'none can be deleted without changing what is allowed, as far as the policies go that are read',
    );
    expect((await run(web + cilium.replace('namespace: shop', 'namespace: other'))).code).toBe(0);
  });

  it('ends with 2 for input that cannot be read, and for other formats', async () => {
    expect(await run('kind: [')).toMatchObject({ code: 2, stdout: '' });
    expect((await run(web, '-o', 'dot')).code).toBe(2);
  });

  it('says so where no other rules overlap, if it is asked', async () => {
    expect((await run(web, '--overlaps')).stdout).toContain('No two other rules allow any of the same connections');
    expect((await run(web, '--overlaps', '-o', 'markdown')).stdout).toContain('No two other rules allow');
    expect((await run(web)).stdout).not.toContain('No two other rules');
  });
});
