/** Questions under way, by their text: who asks the same meanwhile gets the same answer. Nothing is kept after it. */
export class SharedQuestions<Answer> {
  private readonly underWay = new Map<string, Promise<Answer>>();

  ask(text: string, put: () => Promise<Answer>): Promise<Answer> {
    const asked = this.underWay.get(text);
    if (asked) return asked;
    const answer = put().finally(() => this.underWay.delete(text));
    this.underWay.set(text, answer);
    return answer;
  }
}
