import type { PolicyStatement } from '../../analysis/open-world/relation';
import type { Statement } from '../../analysis/open-world/statement';
import { StatementIndex } from '../../analysis/open-world/statement-index';
import type { ConnectionClaim } from '../claim';
import type { ReadingName, WorldChange } from '../possible-pods';
import type { World } from '../world';

type ClaimedPart = Statement & { readonly claim: ConnectionClaim };

/** Claims of one kind about pods that could exist, judged under one reading, found by what a change may alter. */
export class PossibleClaims {
  private readonly index: StatementIndex<ClaimedPart>;

  constructor(
    private readonly world: World,
    private readonly under: ReadingName,
    private readonly claims: readonly ConnectionClaim[],
  ) {
    this.index = new StatementIndex(
      claims.flatMap((claim) =>
        [...world.possible.sidesOf(world.questionOf(claim).asked)].map((side) => ({ ...side, claim })),
      ),
    );
  }

  /** Whether something that is claimed to be allowed is lost. */
  lose(change: WorldChange): boolean {
    if (this.claims.length === 0) return false;
    const { lost, after } = change.under(this.under);
    return lost.some((part) =>
      this.near(part).some((claim) => this.world.possible.denied(this.world.questionOf(claim), after) !== undefined),
    );
  }

  /** Whether something that is claimed to be denied is opened. */
  gain(change: WorldChange): boolean {
    if (this.claims.length === 0) return false;
    const { possible } = this.world;
    const own = change.under(this.under);
    return own.gained.some((part) => {
      const near = this.near(part).map((claim) => this.world.questionOf(claim));
      if (near.length === 0) return false;
      for (const encounter of possible.altered({ ...own, gained: [part] }, 'opened', this.under)) {
        if (near.some((question) => possible.allowedIn(encounter, question))) return true;
      }
      return false;
    });
  }

  private near(part: PolicyStatement): ConnectionClaim[] {
    return this.index
      .near(part)
      .filter((own) => own.labels.meets(part.labels))
      .map(({ claim }) => claim);
  }
}
