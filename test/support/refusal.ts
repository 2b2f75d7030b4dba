/** What a failing matcher says. */
export function refusal(state: () => void): string {
  try {
    state();
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('it holds');
}
