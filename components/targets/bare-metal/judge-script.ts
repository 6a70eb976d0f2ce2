/**
 * Compares `$facts` with the requirements on standard input (`requirement.ts` writes them), says every reason at once on
 * standard error, and fails if one of them refuses the host.
 *
 * The comparison is made on the host, not by the program that reads the facts: a command that fails leaves nothing in the
 * state, so the next `up` asks again. Facts that came back as a success would be judged for ever as they were first.
 */
export const JUDGE_SCRIPT = `
judge() {
  {
    printf '%s\\n' "$facts"
    echo REQUIREMENTS
    cat
  } | awk -F '\\t' '
    function say(observed, at) {
      at = index(reason, "%s")
      print severity ": " (at ? substr(reason, 1, at - 1) observed substr(reason, at + 2) : reason)
      if (severity == "refused") refused = 1
    }
    # Who listens on a port; empty where nobody does.
    function listener(port, i, part) {
      for (i = 1; i <= count["port"]; i++) {
        split(values["port", i], part, " ")
        if (part[1] == port) return substr(values["port", i], length(port) + 2)
      }
      return ""
    }
    $0 == "REQUIREMENTS" { asked = 1; next }
    !asked { count[$1]++; values[$1, count[$1]] = $2; next }
    {
      severity = $1; test = $2; name = $3; wanted = $4; reason = $5
      observed = count[name] ? values[name, 1] : "unknown"
      if (test == "at-least" && (!count[name] || observed + 0 < wanted + 0)) say(observed)
      if (test == "at-most" && count[name] && observed + 0 > wanted + 0) say(observed)
      if (test == "is" && observed != wanted) say(observed)
      if (test == "is-not" && observed == wanted) say(observed)
      if (test == "none-but") for (i = 1; i <= count[name]; i++) if (values[name, i] != wanted) say(values[name, i])
      # Once the host is ours, it is our own programs that listen.
      if (test == "free" && !count["bundle"] && listener(name) != "") say(listener(name))
      if (test == "listens" && listener(name) == "") say("")
    }
    END { exit refused }
  ' >&2 || exit 1
  printf '%s\\n' "$facts"
}
`;
