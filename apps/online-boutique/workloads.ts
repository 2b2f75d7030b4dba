import { Chart } from 'cdk8s';
import { Deployment, Protocol } from 'cdk8s-plus-28';
import type { Construct } from 'constructs';

const registry = 'registry.example.com/online-boutique';

/** The eleven services of the demo shop and its cache, as Deployments, each with the port its container listens on. */
export class Workloads extends Chart {
  readonly frontend = this.deploy('frontend', 'http', 8080);
  readonly ads = this.deploy('adservice', 'grpc', 9555);
  readonly cart = this.deploy('cartservice', 'grpc', 7070);
  readonly checkout = this.deploy('checkoutservice', 'grpc', 5050);
  readonly currency = this.deploy('currencyservice', 'grpc', 7000);
  readonly email = this.deploy('emailservice', 'grpc', 8080);
  readonly payment = this.deploy('paymentservice', 'grpc', 50051);
  readonly catalog = this.deploy('productcatalogservice', 'grpc', 3550);
  readonly recommendations = this.deploy('recommendationservice', 'grpc', 8080);
  readonly shipping = this.deploy('shippingservice', 'grpc', 50051);
  readonly loadGenerator = this.deploy('loadgenerator');
  readonly redis = this.deploy('redis-cart', 'redis', 6379);

  constructor(scope: Construct, id: string, namespace: string) {
    super(scope, id, { namespace });
  }

  private deploy(name: string, port?: string, number?: number): Deployment {
    const deployment = new Deployment(this, name, { metadata: { name } });
    deployment.addContainer({
      name: 'server',
      image: `${registry}/${name}:v0.10.2`,
      ...(port && number ? { ports: [{ name: port, number, protocol: Protocol.TCP }] } : {}),
    });
    return deployment;
  }
}
