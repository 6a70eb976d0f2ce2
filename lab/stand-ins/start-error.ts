/** Something the operator must fix: printed as it is, without a stack, and the program ends with status 1. */
export class StartError extends Error {}
