import { ApiObject, Chart } from 'cdk8s';
import type { IConstruct } from 'constructs';

type Kinds = { isApiObject?: typeof ApiObject.isApiObject; isChart?: typeof Chart.isChart };

/** `ApiObject.isApiObject`, which early 2.x versions of cdk8s do not have. */
export function isApiObject(construct: IConstruct): construct is ApiObject {
  return (ApiObject as Kinds).isApiObject?.(construct) ?? construct instanceof ApiObject;
}

/** `Chart.isChart`, which early 2.x versions of cdk8s do not have. */
export function isChart(construct: IConstruct): construct is Chart {
  return (Chart as Kinds).isChart?.(construct) ?? construct instanceof Chart;
}
