import { type App, Testing } from 'cdk8s';
import { Environment, type EnvironmentProps, InputError, Namespace, type NetworkPolicy } from 'tierwall';
import { handoverOf } from '../../lib/constructs/handover';
import { synthesize } from '../../lib/constructs/synthesizer';
import type { End } from './evaluate';

/** An app with one environment and one namespace `shop`, to declare in. */
export function shop(props: EnvironmentProps = {}) {
  const app = Testing.app();
  const environment = new Environment(app, 'prod', props);
  return { app, environment, namespace: new Namespace(environment, 'shop') };
}

export function policiesOf(app: App): NetworkPolicy[] {
  const { issues, namespaces } = synthesize(app);
  if (issues.length > 0) throw new InputError(issues);
  return namespaces.flatMap(({ defaultDeny, policies }) => [...(defaultDeny ? [defaultDeny] : []), ...policies]);
}

export function policyOf(app: App, name: string): NetworkPolicy {
  const policy = policiesOf(app).find(({ metadata }) => metadata.name === `tierwall-${name}`);
  if (!policy) throw new Error(`there is no policy of ${name}`);
  return policy;
}

/** Messages of all mistakes, with their code before them. */
export function mistakesOf(app: App): string[] {
  return synthesize(app).issues.map(({ code, message }) => `${code}: ${message}`);
}

export function textOf(app: App): string {
  return handoverOf(app)
    .documents.map(({ environment, namespace, name, text }) => `## ${environment}/${namespace}/${name}\n${text}`)
    .join('');
}

/** A pod as the default label scheme labels it. */
export function pod(name: string, namespace = 'shop'): End {
  return { namespace, labels: { 'app.kubernetes.io/name': name } };
}
