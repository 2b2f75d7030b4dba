import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { describe, expect, test } from 'vitest';
import { init } from '../../lib/init/init';
import { attempt, root } from '../support/installed-project';
import { expressionValue, filledIn } from '../support/pipeline-expression';

const zeros = '0'.repeat(40);
const gone = 'd'.repeat(40);

function git(cwd: string, ...args: string[]): string {
  const identity = ['-c', 'user.name=a', '-c', 'user.email=a@b.c'];
  return execFileSync('git', [...identity, ...args], { cwd, encoding: 'utf8', stdio: 'pipe' }).trim();
}

const temporary = () => mkdtempSync(join(tmpdir(), 'events-'));

/** A service that the internet may reach already: taken as new, it fails the change. */
const program = (...lines: string[]) => `const { App } = require(${JSON.stringify(join(root, 'node_modules/cdk8s'))});
const { Environment, Namespace, Peer, Service } = require(${JSON.stringify(join(root, 'dist'))});
const app = new App();
const shop = new Namespace(new Environment(app, 'prod'), 'shop');
const web = new Service(shop, 'web', { ports: { http: 80 } });
const db = new Service(shop, 'db', { ports: { sql: 5432 } });
web.allowFrom(Peer.internet({ via: 'direct' }));
${lines.join('\n')}
app.synth();
`;
const harmless = 'db.allowFrom(web);';
const more = 'web.allowFrom(db);';

interface Origin {
  readonly bare: string;
  readonly work: string;
  /** Commits the app with these lines more, and what it gives; its id. */
  readonly commit: (...lines: string[]) => string;
  readonly push: (...words: string[]) => void;
}

/** A repository on a server that gives, as GitHub and GitLab do, any commit that it still has. */
function origin(branch: string): Origin {
  const [bare, work] = [temporary(), temporary()];
  git(bare, 'init', '-q', '--bare', '-b', branch);
  git(bare, 'config', 'uploadpack.allowAnySHA1InWant', 'true');
  git(work, 'init', '-q', '-b', branch);
  const settings = 'app: node main.js\ntierwall: { diff: { failOn: [internet] }, lint: { failOn: error } }\n';
  writeFileSync(join(work, 'cdk8s.yaml'), settings);
  writeFileSync(join(work, '.gitignore'), 'node_modules\ntierwall.*\n');
  init(work, {}, ['github', 'gitlab']);
  return at({ bare, work });
}

function at({ bare, work }: Pick<Origin, 'bare' | 'work'>): Origin {
  const commit = (...lines: string[]) => {
    writeFileSync(join(work, 'main.js'), program(...lines));
    execFileSync(process.execPath, [join(root, 'dist/cli/main.js'), 'synth'], { cwd: work, stdio: 'pipe' });
    git(work, 'add', '-A');
    git(work, 'commit', '-q', '--allow-empty', '-m', 'change');
    return git(work, 'rev-parse', 'HEAD');
  };
  return { bare, work, commit, push: (...words) => void git(work, 'push', '-q', '--force', bare, ...words) };
}

/** What `npx tierwall` runs here, without what npx itself takes. */
const commands = temporary();
writeFileSync(
  join(commands, 'npx'),
  `#!/bin/sh\nshift\nexec "${process.execPath}" "${join(root, 'dist/cli/main.js')}" "$@"\n`,
  {
    mode: 0o755,
  },
);

type Depth = 'all' | 'shallow';

/** As `actions/checkout` and GitLab's runner check out: no remote HEAD, all branches and tags, or one commit alone. */
function checkout({ bare }: Origin, id: string, depth: Depth, branch?: string): string {
  const folder = temporary();
  git(folder, 'init', '-q', '-b', 'unused');
  git(folder, 'remote', 'add', 'origin', `file://${bare}`);
  if (depth === 'shallow') git(folder, 'fetch', '-q', '--depth=1', 'origin', id);
  else git(folder, 'fetch', '-q', 'origin', '+refs/heads/*:refs/remotes/origin/*', '+refs/tags/*:refs/tags/*');
  if (depth === 'all' && git(folder, 'branch', '-r', '--contains', id) === '') git(folder, 'fetch', '-q', 'origin', id);
  git(folder, 'checkout', '-q', ...(branch ? ['-B', branch] : ['--detach']), id);
  return folder;
}

interface Step {
  readonly run?: string;
  readonly if?: string;
  readonly env?: Record<string, string>;
  readonly 'continue-on-error'?: true;
}

const isOurs = (text = '') => /^git |tierwall check|\$TIERWALL/m.test(text);

/** What is printed of the change, and whether all steps passed. */
function runSteps(folder: string, steps: readonly Step[], context: object, env: NodeJS.ProcessEnv = {}) {
  const ours = steps.filter((step) => isOurs(step.run) && (!step.if || expressionValue(step.if, context)));
  const results = ours.map((step) => {
    const own = Object.entries(step.env ?? {}).map(([name, value]) => [name, filledIn(value, context)]);
    const all = { ...env, ...Object.fromEntries(own), PATH: `${commands}:${process.env['PATH']}` };
    const { status, stdout, stderr } = attempt('bash', ['-e', '-c', filledIn(step.run!, context)], folder, all);
    return { status: step['continue-on-error'] ? 0 : status, printed: stdout + stderr };
  });
  const printed = results.map((result) => result.printed).join('');
  const change = /^. what the change means +(.*)$/m.exec(printed)?.[0].replaceAll(/ {2,}/g, ' ') ?? printed;
  return [Math.max(...results.map(({ status }) => status ?? 9)), change] as const;
}

/** What runs a check after an event, each with what its service tells. */
interface Event {
  readonly head: string;
  /** Empty where there is none. */
  readonly before: string;
  readonly pullRequestBase?: string;
  readonly forced?: true;
  /** The branch that was pushed; none: a tag, or a merge that is tried. */
  readonly branch?: string;
  readonly main?: string;
  readonly depth?: Depth;
}

function githubContext({ before, pullRequestBase, forced, main = 'main' }: Event): object {
  return {
    github: {
      event: {
        repository: { default_branch: main },
        ...(pullRequestBase ? { pull_request: { base: { sha: pullRequestBase } } } : { before, forced }),
      },
    },
  };
}

function workflow(repository: Origin, event: Event) {
  const folder = checkout(repository, event.head, event.depth ?? 'all', event.branch);
  const { jobs } = load(readFileSync(join(folder, '.github/workflows/network-policies.yml'), 'utf8')) as {
    jobs: { check: { steps: Step[] } };
  };
  return runSteps(folder, jobs.check.steps, githubContext(event));
}

function action(repository: Origin, event: Event) {
  const folder = checkout(repository, event.head, event.depth ?? 'all', event.branch);
  const { inputs, runs } = load(readFileSync(join(root, 'action.yml'), 'utf8')) as {
    inputs: Record<string, { default: string }>;
    runs: { steps: Step[] };
  };
  const context = githubContext(event);
  const given = Object.entries(inputs).map(([name, own]) => [name, filledIn(own.default, context)]);
  const runner = temporary();
  const files = { RUNNER_TEMP: runner, GITHUB_OUTPUT: join(runner, 'o'), GITHUB_STEP_SUMMARY: join(runner, 's') };
  return runSteps(folder, runs.steps, { ...context, inputs: Object.fromEntries(given) }, files);
}

/** GitLab tells zeros of merge requests, schedules and pipelines that somebody started. */
function gitlab(repository: Origin, { head, before, pullRequestBase, depth = 'all', main = 'main' }: Event) {
  const folder = checkout(repository, head, depth);
  const pipeline = load(readFileSync(join(folder, '.gitlab-ci.yml'), 'utf8')) as Record<string, { script: string[] }>;
  const steps = pipeline['network-policies']!.script.map((run) => ({ run }));
  return runSteps(
    folder,
    steps,
    {},
    {
      CI_COMMIT_BEFORE_SHA: before || zeros,
      CI_DEFAULT_BRANCH: main,
      ...(pullRequestBase ? { CI_MERGE_REQUEST_DIFF_BASE_SHA: pullRequestBase, CI_COMMIT_BEFORE_SHA: zeros } : {}),
    },
  );
}

function begin(branch: string) {
  const repository = origin(branch);
  const first = repository.commit();
  const second = repository.commit(harmless);
  repository.push(branch);
  return { repository, first, second };
}

const made = new Map<string, ReturnType<typeof begin>>();

/** Two commits on the main branch, which is pushed. */
function begun(branch = 'main') {
  const { repository, ...commits } = made.get(branch) ?? begin(branch);
  made.set(branch, { repository, ...commits });
  const [bare, work] = [temporary(), temporary()];
  cpSync(repository.bare, bare, { recursive: true });
  cpSync(repository.work, work, { recursive: true });
  return { repository: at({ bare, work }), ...commits };
}

describe.for([
  ["the GitHub workflow's check", workflow],
  ["the GitHub action's check", action],
  ["the GitLab pipeline's check", gitlab],
] as const)('%s', ([, check]) => {
  const short = (id: string) => id.slice(0, 7);
  const since = (what: string, rest: string) => `✓ what the change means since ${what}: ${rest}`;
  const aside = (repository: Origin, from: string, ...lines: string[]) => {
    git(repository.work, 'switch', '-q', '-c', 'topic', from);
    const id = repository.commit(...lines);
    repository.push('topic');
    return id;
  };

  test('tells what a pull request means against its base', () => {
    const { repository, first, second } = begun();
    const head = aside(repository, first, more);
    expect(check(repository, { head, before: '', pullRequestBase: second })).toEqual([
      0,
      since(short(first), 'different'),
    ]);
  });

  test('tells what a push means against the commit before it', () => {
    const { repository, first, second } = begun();
    const event = { head: second, before: first, branch: 'main' };
    expect(check(repository, event)).toEqual([0, since(short(first), 'different')]);
  });

  test('fetches the commit before a force-push, which no branch has any more', () => {
    const { repository, first, second } = begun();
    git(repository.work, 'reset', '-q', '--hard', first);
    const head = repository.commit(more);
    repository.push('main');
    const event = { head, before: second, forced: true, branch: 'main' } as const;
    expect(check(repository, event)).toEqual([0, since(short(first), 'different')]);
  });

  test('compares with that commit itself where the force-push brought another history', () => {
    const { repository, second } = begun();
    git(repository.work, 'checkout', '-q', '--orphan', 'fresh');
    const head = repository.commit(harmless, more);
    repository.push('fresh:main');
    const event = { head, before: second, forced: true, branch: 'main' } as const;
    expect(check(repository, event)).toEqual([
      0,
      since(`${short(second)}, with which HEAD has no commit in common`, 'different'),
    ]);
  });

  test('takes all as new after a force-push to the main branch, where the server has that commit no more', () => {
    const { repository, second } = begun();
    const event = { head: second, before: gone, forced: true, branch: 'main' } as const;
    expect(check(repository, event)).toEqual([
      1,
      expect.stringMatching(
        /^✗ what the change means all is taken as new, since ddddddd is gone, as after a force-push: different, fails on internet/,
      ),
    ]);
  });

  test('judges another branch from where it left the main branch then', () => {
    const { repository, first } = begun();
    const head = aside(repository, first, more);
    const event = { head, before: gone, forced: true, branch: 'topic' } as const;
    expect(check(repository, event)).toEqual([
      0,
      since(`${short(first)} (origin/main, since ddddddd is gone, as after a force-push)`, 'different'),
    ]);
  });

  test.for([zeros, ''])('judges a new branch, or one that is checked by hand, from there too: %j', (before) => {
    const { repository, first } = begun();
    const head = aside(repository, first, more);
    expect(check(repository, { head, before, branch: 'topic' })).toEqual([
      0,
      since(`${short(first)} (origin/main)`, 'different'),
    ]);
  });

  test.for(['main', 'trunk'])('has nothing to tell of a tag, a schedule or the first push of %s', (main) => {
    const { repository, second } = begun(main);
    const nothing = [
      0,
      `- what the change means HEAD is in origin/${main}, and no earlier commit is given to compare with`,
    ];
    expect(check(repository, { head: second, before: zeros, main })).toEqual(nothing);
  });

  test.for([{ pullRequestBase: gone }, {}])(
    'says what is missing in a clone without history, and does not pass: %j',
    (base) => {
      const { repository, first, second } = begun();
      const event = { head: second, before: first, depth: 'shallow', branch: 'main', ...base } as const;
      const [status, change] = check(repository, event);
      expect(status).toBe(1);
      expect(change).toMatch(/^✗ what the change means cannot be told: .*fetch-depth: 0.*GIT_DEPTH/);
    },
  );
});
