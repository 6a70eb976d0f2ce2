/** User that the operator and every later change log in as, by key, from admin addresses. */
export const LOGIN = "nodewright";
