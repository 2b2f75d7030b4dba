import { App } from 'cdk8s';
import { Environment, Never } from 'tierwall';
import { boutique } from './boutique';

/** The shop in two environments, which stay apart. */
export function onlineBoutique() {
  const app = new App();
  const staging = new Environment(app, 'staging');
  const production = new Environment(app, 'production');
  boutique(app, staging, 'boutique-staging');
  boutique(app, production, 'boutique');

  const apart = new Never(production, 'no-staging-in-production', { from: staging, to: production });
  return { app, apart };
}
