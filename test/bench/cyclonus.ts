import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { calleesOf, namespaceLabelsOf, namespaceOf, podLabelsOf, portOf, writeCluster } from './cluster';
import { type Cost, timed } from './timed';

const version = 'v0.5.6';
const engine = resolve(__dirname, 'engine-part.cjs');

/** A pod by labels, or an address outside the cluster, as in cyclonus' files. */
interface TrafficPeer {
  readonly Internal?: {
    readonly Namespace: string;
    readonly NamespaceLabels: Readonly<Record<string, string>>;
    readonly PodLabels: Readonly<Record<string, string>>;
  };
  readonly IP: string;
}

export interface Traffic {
  readonly Source: TrafficPeer;
  readonly Destination: TrafficPeer;
  readonly ResolvedPort: number;
  readonly ResolvedPortName: string;
  readonly Protocol: 'TCP';
}

type Decision = 'allowed' | 'denied' | 'unknown';

export interface Answer {
  readonly egress: Decision;
  readonly ingress: Decision;
  readonly decision: Decision;
}

export interface Comparison {
  readonly cyclonus: Cost;
  /** CPU seconds of reading the same files and answering the same connections, as a whole process. */
  readonly tierwall: number;
  readonly connections: number;
  /** How many of them both allow. */
  readonly allowed: number;
  readonly disagreements: readonly string[];
}

/** The path of cyclonus, built outside the project at the first call; or why there is none. */
export function buildCyclonus(): { readonly path: string } | { readonly missing: string } {
  if (spawnSync('go', ['version']).status !== 0) return { missing: 'there is no Go here' };
  const folder = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'tierwall-bench');
  const path = join(folder, 'cyclonus');
  if (existsSync(path)) return { path };
  mkdirSync(folder, { recursive: true });
  const wanted = `github.com/mattfenwick/cyclonus/cmd/cyclonus@${version}`;
  const env = { ...process.env, GOBIN: folder };
  const { status, stderr } = spawnSync('go', ['install', wanted], { cwd: folder, env, encoding: 'utf8' });
  return status === 0 ? { path } : { missing: `go install fails: ${stderr.trim().split('\n').at(-1)}` };
}

/**
 * The same connections asked of cyclonus and of tierwall, on the same files: policies as lists, since cyclonus reads one document a file.
 *
 * @param seconds after which cyclonus is ended
 */
export async function compareWithCyclonus(
  path: string,
  folder: string,
  workloads: number,
  seconds: number,
): Promise<Comparison | 'ended'> {
  writeCluster(folder, workloads, 'lists');
  const traffic = sampledTraffic(workloads);
  const [question, output] = [join(folder, 'traffic.json.txt'), join(folder, 'cyclonus.txt')];
  writeFileSync(question, JSON.stringify(traffic));
  const command = [path, 'analyze', '--mode=query-traffic', '--policy-path=policies', `--traffic-path=${question}`];
  const cost = await timed(command, { cwd: folder, output, seconds });
  if (cost === 'ended') return 'ended';
  const theirs = answersIn(readFileSync(output, 'utf8'));
  const text = execFileSync(process.execPath, [engine, 'answers', folder, question], { encoding: 'utf8' });
  const ours = JSON.parse(text) as { cpu: number; whole: Decision[]; sides: Answer[] };
  return {
    cyclonus: cost,
    tierwall: ours.cpu,
    connections: traffic.length,
    allowed: theirs.filter(({ decision }, i) => decision === 'allowed' && ours.whole[i] === 'allowed').length,
    disagreements: traffic.flatMap((connection, i) => {
      const [a, b] = [answerToString(theirs[i]), answerToString(ours.sides[i])];
      if (a === b && theirs[i]?.decision === ours.whole[i]) return [];
      return [`${trafficToString(connection)}: cyclonus ${a}, tierwall ${b}, its engine ${ours.whole[i]}`];
    }),
  };
}

/** What cyclonus prints for each connection, in order. It lists the policies of each side that allow and that do not; none: not isolated. */
export function answersIn(output: string): Answer[] {
  return output
    .split('Is traffic allowed?')
    .slice(1)
    .map((text): Answer => {
      const allows = { Ingress: [] as string[], Egress: [] as string[] };
      let side: keyof typeof allows | undefined;
      for (const line of text.split('\n').filter((line) => line.startsWith('|'))) {
        const [type = '', action = ''] = line
          .split('|')
          .slice(1, 3)
          .map((cell) => cell.trim());
        if (type === 'Ingress' || type === 'Egress') side = type;
        if (side && (action === 'Allow' || action === 'Deny')) allows[side].push(action);
      }
      const decide = (actions: readonly string[]) =>
        actions.length === 0 || actions.includes('Allow') ? 'allowed' : 'denied';
      const whole = /IS ALLOWED\? +\| +(TRUE|FALSE)/.exec(text)?.[1];
      if (!whole) throw new Error('cyclonus gives no verdict, or in another form');
      const decision = whole === 'TRUE' ? 'allowed' : 'denied';
      return { egress: decide(allows.Egress), ingress: decide(allows.Ingress), decision };
    });
}

/** Connections along edges, on other ports and the other way; to and from wide selectors, ranges and addresses; and any. */
export function sampledTraffic(workloads: number): Traffic[] {
  const callees = calleesOf(workloads);
  const about = 60;
  const sample = Array.from({ length: about }, (_, k) => Math.floor((k * workloads) / about));
  const hundreds = sample.map((i) => i - (i % 100)).filter((i) => i + 7 < workloads);
  const all = [
    ...sample.flatMap((i) => callees[i]!.map((j) => traffic(podPeer(i), podPeer(j), portOf(j)))),
    ...sample.map((i) => traffic(podPeer(i), podPeer(callees[i]![0]!), 1 + portOf(callees[i]![0]!))),
    ...sample.map((i) => traffic(podPeer(callees[i]![1]!), podPeer(i), portOf(i))),
    ...sample.map((i) => traffic(podPeer(i), podPeer((i * 7 + 11) % workloads), portOf(i * 7 + 11))),
    ...sample.map((i) => traffic(podPeer(i), { IP: '10.2.3.4' }, 443)),
    ...sample.map((i) => traffic({ IP: '10.2.3.4' }, podPeer(i), portOf(i))),
    ...[...new Set(hundreds)].flatMap((i) => [
      ...sample
        .slice(0, 20)
        .flatMap((j) => [
          traffic(podPeer(j), podPeer(i + 3), portOf(i + 3)),
          traffic(podPeer(j), podPeer(i + 7), 8000 + (j % 1100)),
        ]),
      ...['10.0.0.0', '10.1.2.3', '11.0.0.0'].map((IP) => traffic(podPeer(i + 5), { IP }, 443)),
    ]),
  ];
  // A pod and itself: always allowed, which cyclonus does not know.
  return all.filter(({ Source, Destination }) => Source.IP !== Destination.IP);
}

function traffic(Source: TrafficPeer, Destination: TrafficPeer, port: number): Traffic {
  return { Source, Destination, ResolvedPort: port, ResolvedPortName: '', Protocol: 'TCP' };
}

/** With an address that no policy of the cluster names, since cyclonus takes an ipBlock to match pods and the API leaves that open. */
function podPeer(i: number): TrafficPeer {
  const Namespace = namespaceOf(i);
  return {
    Internal: {
      Namespace,
      NamespaceLabels: { ...namespaceLabelsOf(i), 'kubernetes.io/metadata.name': Namespace },
      PodLabels: podLabelsOf(i),
    },
    IP: `172.${16 + (i >> 16)}.${(i >> 8) & 255}.${i & 255}`,
  };
}

function answerToString(answer: Answer | undefined): string {
  return answer ? `${answer.decision} (egress ${answer.egress}, ingress ${answer.ingress})` : 'nothing';
}

function trafficToString({ Source, Destination, ResolvedPort }: Traffic): string {
  const [from, to] = [Source, Destination].map(({ Internal, IP }) =>
    Internal ? `${Internal.Namespace}/${Internal.PodLabels.app}` : IP,
  );
  return `${from} → ${to} on ${ResolvedPort}/TCP`;
}
