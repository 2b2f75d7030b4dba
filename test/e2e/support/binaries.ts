import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

const calico = 'github.com/projectcalico/calico';

/** The Go modules beside this folder, and what is built of each: the tools that its go.mod names and pins, or the module itself. */
const modules = {
  apiserver: { packages: 'tool', binaries: ['server', 'kube-apiserver', 'kubectl'] }, // `server` is etcd
  felix: { packages: 'tool', binaries: ['calico-felix'], resources: calico },
  pods: { packages: '.', binaries: ['pods'] },
  argocd: { packages: '.', binaries: ['argocd'] }, // the engine of its controller
} satisfies Record<string, { packages: 'tool' | '.'; binaries: string[]; resources?: string }>;
export type GoModule = keyof typeof modules;

const version = 'k8s.io/component-base/version';
const ldflags = `-s -w -X ${version}.gitVersion=v1.34.4 -X ${version}.gitMajor=1 -X ${version}.gitMinor=34`;

const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'tierwall-e2e');

/** The folder with a module's binaries, outside of the project; built there if they are not yet, which takes some minutes. */
export function built(module: GoModule): string {
  const source = join(__dirname, '..', module);
  const key = createHash('sha256').update(ldflags).update(process.arch);
  for (const name of readdirSync(source).sort()) key.update(name).update(readFileSync(join(source, name)));
  const folder = join(cache, `${module}-${key.digest('hex').slice(0, 16)}`);
  if (!existsSync(folder)) build(module, source, folder);
  return folder;
}

/** One build at a time, also of several runs, and no folder that holds half of one. */
function build(module: GoModule, source: string, folder: string): void {
  const { packages, binaries, resources } = { resources: '', ...modules[module] };
  console.log(`building ${binaries.join(', ')} into ${folder}, where later runs find them`);
  mkdirSync(cache, { recursive: true });
  const script = `
    [ -d "$2" ] && exit
    rm -rf "$2.new"
    go build -trimpath -ldflags "$1" -o "$2.new/" "$3"
    [ -z "$4" ] || cp -r --no-preserve=mode "$(go list -m -f '{{.Dir}}' "$4")/libcalico-go/config/crd" "$2.new/crd"
    mv "$2.new" "$2"`;
  execFileSync('flock', [join(cache, 'lock'), 'sh', '-ec', script, 'build', ldflags, folder, packages, resources], {
    cwd: source,
    stdio: 'inherit',
    env: { ...process.env, CGO_ENABLED: '0', GOFLAGS: '-mod=readonly -buildvcs=false' },
  });
}
