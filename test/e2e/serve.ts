/** A control plane to play with, until it is interrupted: `npx tsx test/e2e/serve.ts [user…]` prints what a shell needs. */
import { ControlPlane } from './support/control-plane';

async function main(users: readonly string[]): Promise<void> {
  const plane = await ControlPlane.start({ users });
  console.log(`export KUBECONFIG=${plane.kubeconfig()}`);
  for (const user of users) console.log(`# as ${user}: export KUBECONFIG=${plane.kubeconfig(user)}`);
  console.log(`alias kubectl=${plane.kubectl}`);
  process.stdin.resume(); // stays until its input ends, or Ctrl-C
  process.stdin.on('end', () => plane.stop());
}

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
