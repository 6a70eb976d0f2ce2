import { expect } from "chai";
import { UserError } from "../../../components/core/config/finding";

/** The message of the `UserError` that a promise must fail with. */
export async function userError(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
  } catch (cause) {
    expect(cause).instanceOf(UserError);
    return (cause as UserError).message;
  }
  throw new Error("it did not fail");
}
