import type { Project } from '../project';
import { shellWord } from '../shell-word';
import { type InitFile, plainFile } from './init-file';

const oldestNode = 22;

/** Runs on each pull request: types, tests, and everything that \`tierwall check\` checks, with the findings on the changed lines. */
export function githubWorkflow({ manager, branch }: Project): InitFile {
  const { name, install, run } = manager;
  const cached = name === 'bun' ? '' : `          cache: ${name}\n`;
  const setUp =
    name === 'bun' ? '      - uses: oven-sh/setup-bun@v2\n' : name === 'npm' ? '' : '      - run: corepack enable\n';
  return plainFile(
    '.github/workflows/network-policies.yml',
    `name: network policies
on:
  pull_request:
  push:
    branches: [${/^[A-Za-z][\w./-]*$/.test(branch) ? branch : JSON.stringify(branch)}]
permissions:
  contents: read
  security-events: write
jobs:
  check:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
        with:
          fetch-depth: 0 # what a change means is judged against the commit that it branched off
${setUp}      - uses: actions/setup-node@v4
        with:
          node-version: ${oldestNode}
${cached}      - run: ${install}
      - run: ${run} tsc --noEmit
      - run: ${run} vitest run
      - run: git fetch --quiet origin "\${{ github.event.before }}" # no branch has what a force-push replaced
        if: github.event.forced
        continue-on-error: true
      - run: ${run} tierwall check --main "\${{ github.event.repository.default_branch }}" --base "\${{ github.event.pull_request.base.sha || github.event.before }}" --sarif tierwall.sarif --markdown tierwall.md
      - if: always() && hashFiles('tierwall.md') != ''
        run: cat tierwall.md >> "$GITHUB_STEP_SUMMARY"
      # Pull requests of forks may not write findings, nor may private repositories without code scanning: there, take this step away.
      - if: always() && hashFiles('tierwall.sarif') != '' && (github.event_name != 'pull_request' || github.event.pull_request.head.repo.full_name == github.repository)
        uses: github/codeql-action/upload-sarif@v3
        with:
          sarif_file: tierwall.sarif
`,
  );
}

export function gitlabPipeline({ manager }: Project): InitFile {
  const { install, run, name } = manager;
  const setUp = name === 'npm' ? '' : name === 'bun' ? '    - npm install --global bun\n' : '    - corepack enable\n';
  return plainFile(
    '.gitlab-ci.yml',
    `network-policies:
  image: node:${oldestNode}
  variables:
    GIT_DEPTH: "0" # what a change means is judged against the commit that it branched off
  rules:
    - if: $CI_PIPELINE_SOURCE == "merge_request_event"
    - if: $CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH
  script:
${setUp}    - ${install}
    - ${run} tsc --noEmit
    - ${run} vitest run
    - git fetch --quiet origin "$CI_COMMIT_BEFORE_SHA" 2>/dev/null || true # no branch has what a force-push replaced
    - ${run} tierwall check --main "$CI_DEFAULT_BRANCH" --base "\${CI_MERGE_REQUEST_DIFF_BASE_SHA:-$CI_COMMIT_BEFORE_SHA}" --junit tierwall.xml --gitlab tierwall.json --markdown tierwall.md
  artifacts:
    when: always
    paths: [tierwall.md]
    reports:
      junit: tierwall.xml
      codequality: tierwall.json
`,
  );
}

/** Switches the hook on; git looks for it from the top of the repository. */
export function hookCommand({ below }: Project): string {
  return `git config core.hooksPath ${shellWord(`${below}.githooks`)}`;
}

/** Before each commit, of what is staged, all that can be known then: what the change means may be approved in the message, which is not there yet. */
export function preCommitHook(project: Project): InitFile {
  const { manager } = project;
  return {
    path: '.githooks/pre-commit',
    mode: 'executable',
    text: `#!/bin/sh
# Checks what is staged before each commit: committed output, proof, guarantees and lint. What the change means is left to the
# pipeline, since the commit's message may approve it and is not written yet. Switched on once in each clone:
#   ${hookCommand(project)}
# To commit all the same: git commit --no-verify
${project.below === '' ? '' : 'cd "$(dirname "$0")/.." || exit # hooks begin at the top of the repository\n'}exec ${manager.run} tierwall check --staged --no-change
`,
  };
}
